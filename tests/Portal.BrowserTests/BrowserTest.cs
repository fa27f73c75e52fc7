using NUnit.Framework.Interfaces;

namespace Portal.BrowserTests;

/// <summary>Opens browsers for a test and, when it fails, leaves a picture of what each showed.</summary>
public abstract class BrowserTest
{
    private readonly List<Visitor> visitors = [];

    private protected async Task<Visitor> VisitorAsync(Device? device = null, Words? words = null, bool scripts = true)
    {
        var visitor = await Visitor.OpenAsync(device ?? Device.Desktop, words ?? Words.English, scripts);
        visitors.Add(visitor);
        return visitor;
    }

    [TearDown]
    public async Task Leave()
    {
        var left = visitors.ToList();
        visitors.Clear();
        var problems = left.SelectMany(v => v.Problems).ToList();
        if (problems.Count > 0 || TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            foreach (var visitor in left)
            {
                var picture = Path.Combine(
                    Directory.CreateDirectory(Path.Combine(Demo.Repository, "artifacts", "test-pictures")).FullName,
                    PictureName(left.IndexOf(visitor))
                );
                await visitor.PictureAsync(picture, whole: true);
                TestContext.AddTestAttachment(picture);
                TestContext.Out.WriteLine($"{visitor.Page.Url} looked like this: {picture}");
            }
        }

        foreach (var visitor in left)
        {
            await visitor.DisposeAsync();
        }

        problems.Should().BeEmpty("a page should be quiet and ask nobody else");
    }

    private static string PictureName(int number)
    {
        var test = TestContext.CurrentContext.Test;
        var name = $"{test.ClassName?.Split('.')[^1]}.{test.Name}.{number}";
        return string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' ? c : '-')) + ".png";
    }
}

using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Razor.Hosting;

namespace Portal.HouseTests;

/// <summary>Views: one path, one view; no words but from the resources; nothing the content security policy would refuse.</summary>
public sealed partial class ViewsTests
{
    /// <summary>Views that no browser opens as a page of the portal, and why they may carry their own style.</summary>
    private static readonly Dictionary<string, string> OwnStyle = new()
    {
        ["src/Modules/Notifications/"] = "mail programs know neither the portal's stylesheet nor its policy",
        ["src/Modules/Invoices/RenderPdf/DocumentPage.cshtml"] = "printed from text with the network closed",
    };

    [Test]
    public void No_two_views_have_one_path() => SharedPaths(House.Assemblies.SelectMany(Views)).Should().BeEmpty();

    [Test]
    public void Views_have_no_words_of_their_own() =>
        House.Assemblies.SelectMany(Views).SelectMany(v => Words(v.Type).Select(w => $"{v.Path}: {w}")).Should().BeEmpty();

    [Test]
    public void Views_have_no_inline_style_or_script() =>
        House
            .Files("src", "*.cshtml")
            .Select(f => (Path: Path.GetRelativePath(House.Root, f).Replace('\\', '/'), File: f))
            .Where(f => !OwnStyle.Keys.Any(p => f.Path.StartsWith(p, StringComparison.Ordinal)))
            .SelectMany(f => Inline(File.ReadAllText(f.File)).Select(i => $"{f.Path}: {i}"))
            .Should()
            .BeEmpty();

    /// <summary>Without it a form of that project would lose what was typed when its session ends.</summary>
    [Test]
    public void Every_view_knows_kept_forms() =>
        House.Files("src", "_ViewImports.cshtml").Where(f => !KnowsKeptForms(File.ReadAllText(f))).Should().BeEmpty();

    [Test]
    public void Every_project_with_views_imports_them() =>
        House
            .Files("src", "*.cshtml")
            .Select(f => Path.GetRelativePath(Path.Combine(House.Root, "src"), f).Split(Path.DirectorySeparatorChar))
            .Select(p => Path.Combine([House.Root, "src", .. p[0] == "Modules" ? p[..2] : p[..1], "_ViewImports.cshtml"]))
            .Distinct()
            .Should()
            .OnlyContain(f => File.Exists(f));

    [Test]
    public void Violations_are_reported()
    {
        var views = Views(typeof(ViewsTests).Assembly).ToDictionary(v => v.Path);

        Words(views["/Violations/LiteralWords.cshtml"].Type).Should().Equal("Your orders", "of", "newest first", "Close");
        Words(views["/Violations/WellBehaved.cshtml"].Type).Should().BeEmpty();
        Inline(File.ReadAllText(House.Violation("InlineStyle.cshtml"))).Should().Equal("style=", "onclick=", "<style>", "<script> without src");
        Inline(File.ReadAllText(House.Violation("WellBehaved.cshtml"))).Should().BeEmpty();
        SharedPaths([.. views.Values, .. views.Values.Take(1)]).Should().ContainSingle();
        SharedPaths(views.Values).Should().BeEmpty();
        KnowsKeptForms("@addTagHelper *, Microsoft.AspNetCore.Mvc.TagHelpers").Should().BeFalse();
    }

    private static bool KnowsKeptForms(string imports) => imports.Contains("@addTagHelper *, Portal.Access", StringComparison.Ordinal);

    private static IEnumerable<View> Views(Assembly assembly) =>
        assembly.GetCustomAttributes<RazorCompiledItemAttribute>().Select(a => new View(assembly.GetName().Name!, a.Identifier, a.Type));

    /// <summary>Two libraries with one path silently shadow each other.</summary>
    private static IEnumerable<string> SharedPaths(IEnumerable<View> views) =>
        views
            .Where(v => Path.GetFileName(v.Path) != "_ViewImports.cshtml") // Read by the compiler, project by project.
            .GroupBy(v => v.Path, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Count() > 1)
            .Select(g => $"{g.Key} is in {string.Join(" and in ", g.Select(v => v.Assembly))}");

    /// <summary>What the compiled view writes as it stands in the file, less its tags: words are left only where somebody typed them.</summary>
    private static IEnumerable<string> Words(Type view) =>
        Code.WithNested(view)
            .SelectMany(Code.Methods)
            .Select(Html)
            .SelectMany(html => SpokenAttribute().Matches(html).Select(m => m.Groups["words"].Value).Prepend(Tag().Replace(html, "\n")))
            .SelectMany(text => Entity().Replace(text, " ").Split(['\n', '\u2026'], StringSplitOptions.TrimEntries))
            .Where(text => Word().IsMatch(text));

    private static string Html(MethodBase method)
    {
        var html = new StringBuilder();
        foreach (var (called, text) in Code.Calls(method).Where(c => c.Method.DeclaringType?.IsAssignableTo(typeof(RazorPageBase)) == true))
        {
            // Between two literals stands what the view computes.
            html.Append(called.Name == nameof(RazorPageBase.WriteLiteral) ? text : "\u2026");
        }

        return html.ToString();
    }

    private static IEnumerable<string> Inline(string source)
    {
        source = Comment().Replace(source, "");
        return StyleAttribute()
            .Matches(source)
            .Select(_ => "style=")
            .Concat(EventAttribute().Matches(source).Select(m => m.Groups["name"].Value + "="))
            .Concat(StyleElement().Matches(source).Select(_ => "<style>"))
            .Concat(InlineScript().Matches(source).Select(_ => "<script> without src"));
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("""\s(aria-label|alt|title|placeholder|data-label)="(?<words>[^"]*)""")]
    private static partial Regex SpokenAttribute();

    [GeneratedRegex("&[a-z0-9#]+;", RegexOptions.IgnoreCase)]
    private static partial Regex Entity();

    [GeneratedRegex(@"\p{L}{2}")]
    private static partial Regex Word();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"<[a-z][^>]*\sstyle\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex StyleAttribute();

    [GeneratedRegex(@"<[a-z][^>]*\s(?<name>on[a-z]+)\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex EventAttribute();

    [GeneratedRegex(@"<style\b", RegexOptions.IgnoreCase)]
    private static partial Regex StyleElement();

    [GeneratedRegex(@"<script\b(?![^>]*\ssrc\s*=)", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();

    private sealed record View(string Assembly, string Path, Type Type);
}

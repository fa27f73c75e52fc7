using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portal.HouseTests;

/// <summary>
/// The words of a project are in its Texts.resx and, in German, in its Texts.de.resx. A key stands in the code as a whole
/// (<c>T["Paid"]</c>, or as a string handed to what looks it up) or as a beginning completed by a value
/// (<c>T["State" + order.State]</c>, <c>$"State{order.State}"</c>), which then uses every key that begins so.
/// </summary>
public sealed partial class WordsTests
{
    private static readonly string[] Languages = ["de"];

    [TestCaseSource(nameof(Folders))]
    public void Every_language_says_the_same(string folder) => Untranslated(Path.Combine(House.Root, folder), Languages).Should().BeEmpty();

    [TestCaseSource(nameof(Folders))]
    public void Every_key_exists_and_is_used(string folder) =>
        WrongKeys(Keys(Path.Combine(House.Root, folder, "Texts.resx")).Keys, Sources(folder)).Should().BeEmpty();

    [Test]
    public void Violations_are_reported()
    {
        var folder = House.Violation("Words");
        string[] sources =
        [
            """@T["Known"] @T["Missing", 1] @T["State" + state] @T["Nothing" + state] @T[$"Void{state}"] Section("/x", "Name"); $"Kind{kind}"; T[other]""",
        ];

        Untranslated(folder, Languages)
            .Should()
            .Equal("de lacks OnlyEnglish", "OnlyGerman is in de only", "Known: {0} {1} became {0} in de", "Blank is empty", "Blank is empty in de");
        Untranslated(folder, ["fr"]).Should().Equal("Texts.fr.resx is missing");
        WrongKeys(["Known", "StateOpen", "Name", "KindCard", "Unused"], sources)
            .Should()
            .Equal("Missing does not exist", "no key begins with Nothing", "no key begins with Void", "Unused is not used");
    }

    private static IEnumerable<string> Folders =>
        House.Files("", "Texts.resx").Select(f => Path.GetRelativePath(House.Root, Path.GetDirectoryName(f)!));

    private static IEnumerable<string> Sources(string folder) =>
        House.Files(folder, "*.cs").Concat(House.Files(folder, "*.cshtml")).Select(File.ReadAllText);

    private static Dictionary<string, string> Keys(string resx) =>
        XDocument.Load(resx).Root!.Elements("data").ToDictionary(d => (string)d.Attribute("name")!, d => (string?)d.Element("value") ?? "");

    private static List<string> Untranslated(string folder, IEnumerable<string> languages)
    {
        var english = Keys(Path.Combine(folder, "Texts.resx"));
        var wrong = new List<string>();
        foreach (var language in languages)
        {
            var file = Path.Combine(folder, $"Texts.{language}.resx");
            if (!File.Exists(file))
            {
                wrong.Add($"Texts.{language}.resx is missing");
                continue;
            }

            var translated = Keys(file);
            wrong.AddRange(english.Keys.Except(translated.Keys).Select(k => $"{language} lacks {k}"));
            wrong.AddRange(translated.Keys.Except(english.Keys).Select(k => $"{k} is in {language} only"));
            wrong.AddRange(
                from key in english.Keys.Intersect(translated.Keys)
                let here = Holes(english[key])
                let there = Holes(translated[key])
                where here != there
                select $"{key}: {here} became {there} in {language}"
            );
            wrong.AddRange(english.Where(t => string.IsNullOrWhiteSpace(t.Value)).Select(t => $"{t.Key} is empty"));
            wrong.AddRange(translated.Where(t => string.IsNullOrWhiteSpace(t.Value)).Select(t => $"{t.Key} is empty in {language}"));
        }

        return wrong;
    }

    private static IEnumerable<string> WrongKeys(IReadOnlyCollection<string> keys, IEnumerable<string> sources)
    {
        var source = string.Join('\n', sources);
        var lookups = Lookup().Matches(source);
        var whole = lookups.Where(m => m.Groups["whole"].Success).Select(m => m.Groups["whole"].Value);
        var beginnings = lookups.Where(m => m.Groups["beginning"].Success).Select(m => m.Groups["beginning"].Value).ToHashSet();
        var used = beginnings.Concat(Interpolation().Matches(source).Select(m => m.Groups["beginning"].Value)).ToHashSet();
        return whole
            .Where(k => !keys.Contains(k))
            .Select(k => $"{k} does not exist")
            .Concat(beginnings.Where(b => !keys.Any(k => StartsWith(k, b))).Select(b => $"no key begins with {b}"))
            .Concat(
                keys.Where(k => !source.Contains($"\"{k}\"", StringComparison.Ordinal) && !used.Any(b => StartsWith(k, b)))
                    .Select(k => $"{k} is not used")
            )
            .Distinct();
    }

    private static bool StartsWith(string key, string beginning) => key.StartsWith(beginning, StringComparison.Ordinal);

    /// <summary>What is filled in, in the order of its numbers: translations may say it in another order.</summary>
    private static string Holes(string text) => string.Join(' ', Hole().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex("""\b(T|[tT]exts)\[\s*(?:"(?<whole>[^"]+)"\s*[\],]|"(?<beginning>[^"]+)"\s*\+|\$"(?<beginning>[^"{]+)\{)""")]
    private static partial Regex Lookup();

    [GeneratedRegex("""\$"(?<beginning>\w{3,})\{""")]
    private static partial Regex Interpolation();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Hole();
}

using System.Globalization;

namespace Portal.HouseTests;

/// <summary>docs/security.md tells of every case what tests show, and of the rest why not yet.</summary>
public sealed class SecurityDocumentTests
{
    private const string Begin = "<!-- cases: made of the tests -->\n";
    private const string End = "<!-- /cases -->";
    private static readonly string Document = Path.Combine(House.Root, "docs/security.md");

    [Test]
    public void The_table_is_what_the_tests_show()
    {
        var now = Table(SecurityCases.All, SecurityMarks.OfAllTests());
        var text = File.ReadAllText(Document).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("PORTAL_ACCEPT_CASES") == "1")
        {
            text = text.Replace(Begin + Section(text) + End, Begin + now + End, StringComparison.Ordinal);
            File.WriteAllText(Document, text);
        }

        Section(text)
            .Should()
            .Be(now, "docs/security.md says what the tests show: PORTAL_ACCEPT_CASES=1 dotnet test tests/Portal.HouseTests, and commit it");
    }

    [Test]
    public void Every_case_has_a_test_or_a_reason_and_every_mark_a_case() => Faults(SecurityCases.All, SecurityMarks.OfAllTests()).Should().BeEmpty();

    [Test]
    public void Marks_are_found_in_this_very_assembly() =>
        SecurityMarks
            .In(typeof(SecurityDocumentTests).Assembly.Location)
            .Should()
            .Contain(new SecurityMark("X1", "a test", "Portal.HouseTests", $"{nameof(Marked)}.{nameof(Marked.A_test)}", Runs: true))
            .And.Contain(new SecurityMark("X2", "no test", "Portal.HouseTests", $"{nameof(Marked)}.{nameof(Marked.Helper)}", Runs: false))
            .And.Contain(new SecurityMark("X3", "a fixture", "Portal.HouseTests", nameof(Marked), Runs: true));

    [Test]
    public void Violations_are_reported()
    {
        SecurityMark[] marks =
        [
            new("A1", "it holds", "Portal.Tests", "T.Holds", Runs: true),
            new("A3", "half of it holds", "Portal.Tests", "T.Half", Runs: true),
            new("B9", "unheard of", "Portal.Tests", "T.Unknown", Runs: true),
            new("A1", "it would hold", "Portal.Tests", "T.Never", Runs: false),
        ];
        SecurityCase[] cases = [new("A1", "First"), new("A2", "Second"), new("A3", "Third", "the other half"), new("A4", "Fourth", "no such thing")];

        Faults(cases, marks)
            .Should()
            .Equal(
                "A2 has no test, and SecurityCases.cs does not say why",
                "T.Unknown shows B9, which is no case",
                "T.Never is marked for A1, but nothing runs it"
            );
        Table(cases, marks)
            .Should()
            .Contain("| **A1** First | passed | `T.Holds` it holds")
            .And.Contain("| **A3** Third | partly | `T.Half` half of it holds<br>Missing: the other half. |")
            .And.Contain("| **A4** Fourth | not yet | Missing: no such thing. |");
        Section("before\n" + Begin + "| a |\n" + End + "\nafter").Should().Be("| a |\n");
    }

    private static IEnumerable<string> Faults(IReadOnlyList<SecurityCase> cases, IReadOnlyList<SecurityMark> marks) =>
        [
            .. cases
                .Where(c => c.Open is null && !marks.Any(m => m.Id == c.Id))
                .Select(c => $"{c.Id} has no test, and SecurityCases.cs does not say why"),
            .. marks.Where(m => !Example(m) && !cases.Any(c => c.Id == m.Id)).Select(m => $"{m.Test} shows {m.Id}, which is no case"),
            .. marks.Where(m => !Example(m) && !m.Runs).Select(m => $"{m.Test} is marked for {m.Id}, but nothing runs it"),
        ];

    private static bool Example(SecurityMark mark) =>
        mark.Project == typeof(Marked).Assembly.GetName().Name
        && (mark.Test == nameof(Marked) || mark.Test.StartsWith(nameof(Marked) + ".", StringComparison.Ordinal));

    private static string Table(IReadOnlyList<SecurityCase> cases, IReadOnlyList<SecurityMark> marks)
    {
        var table = "| case | | shown by |\n|---|---|---|\n";
        foreach (var known in cases)
        {
            var shown = marks.Where(m => m.Id == known.Id).Select(m => $"`{m.Test}` {m.Shows}").ToList();
            var verdict =
                known.Open is null ? "passed"
                : shown.Count == 0 ? "not yet"
                : "partly";
            var missing = known.Open is null ? [] : (string[])[$"Missing: {known.Open}."];
            table += $"| **{known.Id}** {known.Title} | {verdict} | {string.Join("<br>", [.. shown, .. missing])} |\n";
        }

        var passed = cases.Count(c => c.Open is null);
        return table + string.Create(CultureInfo.InvariantCulture, $"\n{passed} of {cases.Count} passed.\n");
    }

    private static string Section(string text)
    {
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return text[from..text.IndexOf(End, StringComparison.Ordinal)];
    }
}

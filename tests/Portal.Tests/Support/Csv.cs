using System.Text;
using CsvHelper;

namespace Portal.Tests.Support;

/// <summary>Reads CSV twice, by the letter of RFC 4180 and by a library, and demands the same rows.</summary>
internal static class Csv
{
    public static List<string[]> Parse(string text, char separator)
    {
        text = text.TrimStart('\uFEFF');
        var strict = Strict(text, separator);
        Library(text, separator).Should().BeEquivalentTo(strict, o => o.WithStrictOrdering());
        return strict;
    }

    /// <summary>Every record ends with CRLF; a quote stands only at the edges of a field, or doubled within one.</summary>
    private static List<string[]> Strict(string text, char separator)
    {
        List<string[]> rows = [];
        List<string> row = [];
        for (var at = 0; at < text.Length; )
        {
            var field = new StringBuilder();
            if (text[at] == '"')
            {
                for (at++; ; at++)
                {
                    if (text[at] != '"')
                    {
                        field.Append(text[at]);
                    }
                    else if (at + 1 < text.Length && text[at + 1] == '"')
                    {
                        field.Append('"');
                        at++;
                    }
                    else
                    {
                        at++;
                        break;
                    }
                }
            }
            else
            {
                while (at < text.Length && text[at] != separator && text[at] != '\r')
                {
                    text[at].Should().NotBe('"', "a quote within an unquoted field").And.NotBe('\n');
                    field.Append(text[at++]);
                }
            }

            row.Add(field.ToString());
            if (text[at] == separator)
            {
                at++;
                if (at < text.Length && text[at] == '\r')
                {
                    row.Add("");
                }
                else
                {
                    continue;
                }
            }

            text.Substring(at, 2).Should().Be("\r\n", "a record ends so");
            at += 2;
            rows.Add([.. row]);
            row.Clear();
        }

        row.Should().BeEmpty("the last record ends, too");
        rows.Select(r => r.Length).Distinct().Should().HaveCountLessThanOrEqualTo(1, "every record has as many fields");
        return rows;
    }

    private static List<string[]> Library(string text, char separator)
    {
        using var csv = CsvReader.FromText(
            text,
            new CsvReaderOptions
            {
                Separator = separator,
                HasHeader = false,
                SkipEmptyLines = false,
            }
        );
        List<string[]> rows = [];
        while (csv.Read())
        {
            rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        }

        return rows;
    }
}

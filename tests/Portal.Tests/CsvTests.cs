using System.Globalization;
using System.Text;
using Portal.Kernel;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>CSV that every reader reads alike and no spreadsheet runs.</summary>
public sealed class CsvTests
{
    [SecurityCase("I4", "formulas are made text; two readers read the rest back as it was")]
    [TestCase("=1+1", "'=1+1")]
    [TestCase("+49 40 123", "'+49 40 123")]
    [TestCase("-2500", "'-2500")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("\t=1", "'\t=1")]
    [TestCase("\r=1", "'\r=1")]
    [TestCase("\n=1", "'\n=1")]
    [TestCase("\0=1", "'\0=1")]
    [TestCase("＝1+1", "'＝1+1")]
    [TestCase("－1", "'－1")]
    [TestCase("a=b", "a=b")]
    [TestCase("say \"hi\", please; or\r\nnot", "say \"hi\", please; or\r\nnot")]
    [TestCase("a\";=1+1", "a\";=1+1")]
    [TestCase("a\",=1+1", "a\",=1+1")]
    [TestCase("Ünï 😀 \u202Eabc", "Ünï 😀 \u202Eabc")]
    [TestCase("", "")]
    public async Task Texts_come_back_as_they_were_but_formulas_are_made_text(string text, string read)
    {
        foreach (var separator in (char[])[',', ';'])
        {
            var rows = Csv.Parse(await WriteAsync(separator, ["before", text, "after"], [text, null, text]), separator);

            rows.Should().HaveCount(2);
            rows[0].Should().Equal("before", read, "after");
            rows[1].Should().Equal(read, "", read);
        }
    }

    [SecurityCase("I4", "numbers stay numbers, with comma and with semicolon")]
    [Test]
    public async Task Numbers_stay_numbers_with_the_decimal_sign_of_the_separators_locale()
    {
        (await WriteAsync(',', [-1099L, 12.5m, -0.5, true, null, 7])).Should().Be("\uFEFF-1099,12.5,-0.5,true,,7\r\n");
        (await WriteAsync(';', [-1099L, 12.5m, -0.5, false, null, 7])).Should().Be("\uFEFF-1099;12,5;-0,5;false;;7\r\n");
    }

    [Test]
    public async Task Numbers_are_the_same_whoever_asks()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            (await WriteAsync(',', [1234.5m, -1L])).Should().Be("\uFEFF1234.5,-1\r\n");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestCase("en", ',')]
    [TestCase("de", ';')]
    [TestCase("fr", ';')]
    [TestCase("en-GB", ',')]
    public void The_separator_is_the_locales(string culture, char separator) =>
        CsvWriter.SeparatorOf(CultureInfo.GetCultureInfo(culture)).Should().Be(separator);

    [Test]
    public async Task Rows_leave_as_they_come()
    {
        using var target = new MemoryStream();
        await using var csv = new CsvWriter(target);

        for (var i = 0; i < 10_000; i++)
        {
            await csv.WriteAsync([i, "=x"], CancellationToken.None);
        }

        target.Length.Should().BeGreaterThan(10_000 * 8, "what is written does not wait for the end");
    }

    private static async Task<string> WriteAsync(char separator, params object?[][] rows)
    {
        using var target = new MemoryStream();
        await using (var csv = new CsvWriter(target, separator))
        {
            foreach (var row in rows)
            {
                await csv.WriteAsync(row, CancellationToken.None);
            }
        }

        return Encoding.UTF8.GetString(target.ToArray());
    }
}

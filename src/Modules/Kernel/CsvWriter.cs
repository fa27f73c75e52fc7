using System.Globalization;
using System.Text;

namespace Portal.Kernel;

/// <summary>Writes CSV by RFC 4180, in UTF-8 with its mark, row by row.</summary>
/// <remarks>
/// Spreadsheets run what begins like a formula, so a text that does gets an apostrophe before it, as OWASP advises; numbers stay numbers.
/// Every text is quoted, so that none of another locale's separators can end its cell.
/// </remarks>
public sealed class CsvWriter(Stream target, char separator = ',') : IAsyncDisposable
{
    private readonly StreamWriter writer = new(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };

    // The point groups thousands where the comma is for decimals.
    private readonly NumberFormatInfo numbers = new() { NumberDecimalSeparator = separator == ';' ? "," : "." };

    /// <summary>What separates cells where this culture's spreadsheets are at home: a semicolon where the comma is for decimals.</summary>
    public static char SeparatorOf(CultureInfo culture) => culture.TextInfo.ListSeparator is [';', ..] ? ';' : ',';

    /// <summary>Writes one row.</summary>
    /// <param name="cells">Texts, numbers, truth values; null is an empty cell.</param>
    /// <param name="ct">Ends the attempt.</param>
    public async Task WriteAsync(IEnumerable<object?> cells, CancellationToken ct)
    {
        var line = new StringBuilder();
        var isFirst = true;
        foreach (var cell in cells)
        {
            if (!isFirst)
            {
                line.Append(separator);
            }

            isFirst = false;
            Append(line, cell);
        }

        await writer.WriteLineAsync(line, ct);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private void Append(StringBuilder line, object? cell)
    {
        switch (cell)
        {
            case null:
                break;
            case bool truth:
                line.Append(truth ? "true" : "false");
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or decimal or double or float:
                line.Append(((IFormattable)cell).ToString(null, numbers));
                break;
            default:
                var text = cell as string ?? Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";
                line.Append('"').Append(Looks(text) ? "'" : "").Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
                break;
        }
    }

    /// <summary>Like a formula, to one spreadsheet or another; East Asian ones read the full-width signs as well.</summary>
    private static bool Looks(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\0' or '＝' or '＋' or '－' or '＠', ..];
}

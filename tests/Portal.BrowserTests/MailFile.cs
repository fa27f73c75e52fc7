using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.BrowserTests;

/// <summary>A mail as a mail program reads it.</summary>
internal static partial class MailFile
{
    /// <summary>The HTML part.</summary>
    public static string Html(string mail)
    {
        var part = HtmlPart().Match(mail);
        part.Success.Should().BeTrue("a mail has an HTML part");
        var body = part.Groups["body"].Value;
        return part.Groups["encoding"].Value.ToLowerInvariant() switch
        {
            "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
            "quoted-printable" => Unquote(body),
            _ => body,
        };
    }

    private static string Unquote(string body)
    {
        using var bytes = new MemoryStream();
        var text = body.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
            {
                bytes.WriteByte(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.WriteByte((byte)text[i]);
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    [GeneratedRegex(
        @"Content-Type: text/html[^\r\n]*(?:\r\n[\t ][^\r\n]*)*\r\nContent-Transfer-Encoding: (?<encoding>\S+)\r\n(?:[^\r\n]+\r\n)*\r\n(?<body>.*?)\r\n--",
        RegexOptions.Singleline | RegexOptions.IgnoreCase
    )]
    private static partial Regex HtmlPart();
}

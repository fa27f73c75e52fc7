using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Portal.Tests.Support;

/// <summary>An answer of the portal, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, string Path, IReadOnlyDictionary<string, string[]> Headers, byte[] Bytes)
{
    private IHtmlDocument? document;

    public int Code => (int)Status;

    public string Body => Encoding.UTF8.GetString(Bytes);

    public string? Location => Header("Location");

    public IHtmlDocument Page => document ??= new HtmlParser().ParseDocument(Body);

    /// <summary>All text of the page's main part, blanks folded.</summary>
    public string Words => Fold((Page.QuerySelector("main") ?? Page.DocumentElement).TextContent);

    public string Title => Fold(Page.QuerySelector("h1")?.TextContent ?? "");

    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? string.Join(", ", values) : null;

    public IReadOnlyList<string> SetCookies => Headers.TryGetValue("Set-Cookie", out var values) ? values : [];

    /// <summary>The body without what differs between any two answers: the anti-forgery value and the reference of an error page.</summary>
    public string Masked
    {
        get
        {
            var page = new HtmlParser().ParseDocument(Body);
            foreach (var token in page.QuerySelectorAll($"input[name={Browser.TokenField}]"))
            {
                token.SetAttribute("value", "");
            }

            foreach (var reference in page.QuerySelectorAll("code"))
            {
                reference.TextContent = "";
            }

            return page.DocumentElement.OuterHtml;
        }
    }

    public override string ToString() => $"{Code} {Path} {Location} {Words[..Math.Min(Words.Length, 600)]}";

    private static string Fold(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Portal.Tests.Support;

/// <summary>A buyer's browser: keeps cookies, also those marked Secure although loopback speaks plain HTTP, as real browsers do.</summary>
internal sealed class Browser : IDisposable
{
    public const string TokenField = "__RequestVerificationToken";
    public const string SessionCookie = "__Host-portal";
    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = false,
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    public Browser(Uri address, string? host)
    {
        http.BaseAddress = address;
        http.DefaultRequestHeaders.Host = host;
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    /// <summary>By name.</summary>
    public Dictionary<string, string> Cookies { get; } = [];

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Gets, and goes where it is sent.</summary>
    public async Task<Answer> VisitAsync(string path) => await FollowAsync(await GetAsync(path));

    /// <summary>Goes where an answer sends; at most a few times.</summary>
    public async Task<Answer> FollowAsync(Answer answer)
    {
        for (var hops = 0; answer.Code is 301 or 302 or 303 && hops < 5; hops++)
        {
            answer = await GetAsync(answer.Location!);
        }

        return answer;
    }

    /// <summary>Posts fields as a form would, without any the form might have had besides.</summary>
    public Task<Answer> PostAsync(
        string path,
        IEnumerable<KeyValuePair<string, string>>? fields = null,
        params (string Name, string Value)[] headers
    ) => SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields ?? []), headers);

    /// <summary>Fills in and sends a form of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="form">A CSS selector; the page's main form when null.</param>
    /// <param name="fill">Fields to fill in; all others go as they stand.</param>
    public Task<Answer> SubmitAsync(Answer page, string? form = null, params (string Name, string Value)[] fill)
    {
        var (action, fields) = Read(page, form);
        foreach (var (name, value) in fill)
        {
            fields[name] = value;
        }

        return PostAsync(action, fields);
    }

    /// <summary>A form's target and fields as they stand.</summary>
    public static (string Action, Dictionary<string, string> Fields) Read(Answer page, string? form = null)
    {
        var found = (IHtmlFormElement)(
            page.Page.QuerySelector(form ?? "main form[method=post]") ?? throw new AssertionException($"There is no form {form} on {page}")
        );
        var fields = new Dictionary<string, string>();
        foreach (var field in found.QuerySelectorAll("input[name], textarea[name], select[name]"))
        {
            if (field is IHtmlSelectElement select)
            {
                fields[select.Name!] = select.Value ?? "";
            }
            else if (field is not IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false } and not IHtmlInputElement { Type: "file" })
            {
                fields[field.GetAttribute("name")!] = (field as IHtmlInputElement)?.Value ?? field.TextContent;
            }
        }

        return (found.GetAttribute("action") is { Length: > 0 } action ? action : page.Path, fields);
    }

    /// <summary>An anti-forgery token of this browser's: a signed-in buyer's or merchant's are hers alone.</summary>
    public async Task<string> TokenAsync() =>
        Cookies.ContainsKey(SessionCookie) ? Read(await GetAsync("/"), "form[action='/sign-out']").Fields[TokenField]
        : Cookies.ContainsKey(Merchants.SessionCookie) ? Read(await GetAsync("/admin/security"), "form[action='/admin/sign-out']").Fields[TokenField]
        : Read(await GetAsync("/sign-in")).Fields[TokenField];

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path)) { Content = content };
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        }

        foreach (var (name, value) in headers)
        {
            var target = name.StartsWith("Content-", StringComparison.Ordinal)
                ? (System.Net.Http.Headers.HttpHeaders)content!.Headers
                : request.Headers;
            target.Remove(name);
            target.TryAddWithoutValidation(name, value).Should().BeTrue("{0} can be sent", name);
        }

        using var reply = await http.SendAsync(request);
        var all = reply.Headers.Concat(reply.Content.Headers).ToDictionary(h => h.Key, h => h.Value.ToArray(), StringComparer.OrdinalIgnoreCase);
        var answer = new Answer(reply.StatusCode, path, all, await reply.Content.ReadAsByteArrayAsync());
        foreach (var cookie in answer.SetCookies)
        {
            Keep(cookie);
        }

        return answer;
    }

    public void Dispose() => http.Dispose();

    private void Keep(string cookie)
    {
        var parts = cookie.Split(';', StringSplitOptions.TrimEntries);
        var pair = parts[0].Split('=', 2);
        if (pair[1].Length == 0 || parts.Any(p => p.StartsWith("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)))
        {
            Cookies.Remove(pair[0]);
        }
        else
        {
            Cookies[pair[0]] = pair[1];
        }
    }
}

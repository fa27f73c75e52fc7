using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.TestSupport;

namespace Portal.Benchmarks;

/// <summary>A buyer's session, come by as a buyer does: the form, the mail, the link, the button; or somebody on the way to one.</summary>
internal sealed partial class SignedIn : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private string cookies = "";
    private string opened = "";

    private SignedIn(Uri address) => Http = Client(address);

    /// <summary>Sends the session's cookie with every request.</summary>
    public HttpClient Http { get; }

    /// <summary>Follows no redirects, keeps no cookies, opens only so many connections.</summary>
    public static HttpClient Client(Uri address) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                MaxConnectionsPerServer = Plan.Connections,
            }
        )
        {
            BaseAddress = address,
        };

    public static async Task<SignedIn> AsAsync(Uri address, string email, Func<string[], Task<string>> command)
    {
        var buyer = new SignedIn(address);
        var form = await buyer.GetAsync("sign-in");
        using var sent = await buyer.PostAsync("sign-in", form, ("Email", email));
        var link = await MailedLinkAsync(email, command);
        var page = await buyer.GetAsync(link);
        using var signedIn = await buyer.PostAsync(link, page);
        if (signedIn.Headers.Location?.OriginalString != "/")
        {
            throw new InvalidOperationException($"Signing in as {email} led to {signedIn.StatusCode} {signedIn.Headers.Location}.");
        }

        return buyer;
    }

    /// <summary>Somebody who opened a form and is not signed in.</summary>
    public static async Task<SignedIn> NobodyAsync(Uri address, Uri form)
    {
        var nobody = new SignedIn(address);
        nobody.opened = await nobody.GetAsync(form.OriginalString);
        return nobody;
    }

    /// <summary>A form as it is sent, with the token of the page opened before.</summary>
    public FormUrlEncodedContent Fields(params (string Name, string Value)[] fields) => Fields(opened, fields);

    public async Task<string> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));
        answer.EnsureSuccessStatusCode();
        Keep(answer);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Posts a form with the anti-forgery token of the page it stands on.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, string page, params (string Name, string Value)[] fields)
    {
        using var content = Fields(page, fields);
        var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        Keep(answer);
        return answer;
    }

    public void Dispose() => Http.Dispose();

    private static FormUrlEncodedContent Fields(string page, (string Name, string Value)[] fields)
    {
        var token = Token().Match(page).Groups["token"].Value;
        return new(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
    }

    private static async Task<string> MailedLinkAsync(string email, Func<string[], Task<string>> command)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Patience)
        {
            using var mails = JsonDocument.Parse(await command(["emails", "list", "--json", "--full"]));
            var mail = mails.RootElement.EnumerateArray().FirstOrDefault(m => m.GetProperty("to").GetString() == email);
            if (
                mail.ValueKind == JsonValueKind.Object
                && Link().Match(await command(["emails", "show", mail.GetProperty("id").GetString()!])) is { Success: true } link
            )
            {
                return link.Groups["path"].Value;
            }
        }

        throw new TimeoutException($"No sign-in mail for {email}.");
    }

    private void Keep(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var set))
        {
            return;
        }

        var kept = cookies
            .Split("; ", StringSplitOptions.RemoveEmptyEntries)
            .Concat(set.Select(c => c.Split(';')[0]))
            .GroupBy(c => c.Split('=')[0])
            .Select(g => g.Last());
        cookies = string.Join("; ", kept);
        Http.DefaultRequestHeaders.Remove("Cookie");
        Http.DefaultRequestHeaders.Add("Cookie", cookies);
    }

    [GeneratedRegex("__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex(@"https?://[^/\s]+(?<path>/sign-in/[\w-]+)")]
    private static partial Regex Link();
}

using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Customers.Contract;
using Portal.Customers.Data;
using Portal.Store.Contract;

namespace Portal.Customers.CheckTaxIds;

/// <summary>The settings under <c>TaxIds</c>.</summary>
internal sealed class TaxIdOptions
{
    /// <summary>
    /// Where the European Commission's register answers: <c>https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number</c>. Empty by
    /// default: a portal on one's own server calls nobody without being told to.
    /// </summary>
    public string ViesUrl { get; set; } = "";

    public bool IsUsable => ViesUrl.Length == 0 || Url is not null;

    public Uri? Url =>
        Uri.TryCreate(ViesUrl, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? url : null;
}

/// <summary>VIES, the European Union's register, by its JSON interface. The store's own VAT number goes along: only then it names a reference.</summary>
internal sealed class ViesRegister(IOptions<TaxIdOptions> options, IServiceScopeFactory scopes, TimeProvider clock) : ITaxIdRegister, IDisposable
{
    private const int LargestAnswer = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A name told twice could be judged by one value and read by the other.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    public bool Knows(string taxId) => options.Value.Url is not null && TaxIdCheck.InRegister(taxId) is not null;

    public async Task<TaxIdAnswer> AskAsync(string taxId, CancellationToken ct)
    {
        if (options.Value.Url is not { } url || TaxIdCheck.InRegister(taxId) is not var (prefix, number))
        {
            return None("The register is not asked.");
        }

        var requester = await RequesterAsync(ct);
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            using var reply = await http.PostAsJsonAsync(
                url,
                new Dictionary<string, string?>
                {
                    ["countryCode"] = prefix,
                    ["vatNumber"] = number,
                    ["requesterMemberStateCode"] = requester?.Prefix,
                    ["requesterNumber"] = requester?.Number,
                },
                either.Token
            );
            using var answer = await JsonDocument.ParseAsync(await reply.Content.ReadAsStreamAsync(either.Token), Strict, either.Token);
            return Read(answer.RootElement, prefix, number, (int)reply.StatusCode);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return None("No answer in time.");
        }
        catch (HttpRequestException away)
        {
            return None($"Cannot be reached: {away.HttpRequestError}.");
        }
        catch (JsonException)
        {
            return None("The answer is not JSON.");
        }
    }

    public void Dispose() => http.Dispose();

    private static TaxIdAnswer Read(JsonElement answer, string prefix, string number, int status)
    {
        // Only an answer that says whose number it is about counts as one.
        if (status != 200 || Text("countryCode") != prefix || Text("vatNumber") != number)
        {
            return None($"Answered {status}{(Fault() is { } fault ? " " + fault : "")}.");
        }

        return answer.TryGetProperty("valid", out var valid) && valid.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new TaxIdAnswer(valid.GetBoolean() ? TaxIdVerdict.Valid : TaxIdVerdict.Invalid, Word(Text("requestIdentifier")), null)
            : None("The answer says neither valid nor invalid.");

        string? Text(string name) =>
            answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;

        string? Fault() =>
            answer.ValueKind == JsonValueKind.Object
            && answer.TryGetProperty("errorWrappers", out var errors)
            && errors.ValueKind == JsonValueKind.Array
            && errors.GetArrayLength() > 0
            && errors[0].ValueKind == JsonValueKind.Object
            && errors[0].TryGetProperty("error", out var error)
            && error.ValueKind == JsonValueKind.String
                ? Word(error.GetString())
                : null;
    }

    /// <summary>An outsider's text is kept only where it is a plain word.</summary>
    private static string? Word(string? text) =>
        text is { Length: > 0 and <= TaxIdInquiry.ReferenceLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? text : null;

    private async Task<(string Prefix, string Number)?> RequesterAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = await scope.ServiceProvider.GetRequiredService<IStore>().GetAsync(ct);
        return store is { Country: { } country, TaxId: { } taxId } && TaxIdCheck.Read(country, taxId) is { Fault: null } own
            ? TaxIdCheck.InRegister(own.Value)
            : null;
    }

    private static TaxIdAnswer None(string reason) => new(TaxIdVerdict.Unverified, null, reason);
}

using System.Net;
using System.Text;
using Portal.Plugin.PayFast;
using Portal.Processors;

namespace Portal.PluginTests.PayFast;

/// <summary>PayFast as a script: calls must come in this order and no others.</summary>
internal sealed class PayFastWire : HttpMessageHandler
{
    public const string MerchantId = "10000100";
    public const string Passphrase = "Demo Pass-phrase_1";

    /// <summary>10:11:12 in South Africa.</summary>
    public static readonly DateTimeOffset Now = new(2026, 2, 3, 8, 11, 12, TimeSpan.Zero);

    private readonly Queue<(string Call, Func<CancellationToken, Task<HttpResponseMessage>> Reply)> script = new();

    public List<SentCall> Sent { get; } = [];

    /// <summary>How much time has passed; a reply may let some pass.</summary>
    public TimeSpan Passed { get; set; }

    public PayFastWire Answers(string call, string body, int status = 200, TimeSpan? retryAfter = null)
    {
        script.Enqueue(
            (
                call,
                _ =>
                {
                    var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8) };
                    response.Headers.RetryAfter = retryAfter is { } wait ? new(wait) : null;
                    return Task.FromResult(response);
                }
            )
        );
        return this;
    }

    public PayFastWire Fails(string call, Exception failure)
    {
        script.Enqueue((call, _ => Task.FromException<HttpResponseMessage>(failure)));
        return this;
    }

    public PayFastWire Answers(string call, Func<CancellationToken, Task<HttpResponseMessage>> reply)
    {
        script.Enqueue((call, reply));
        return this;
    }

    public PayFastProcessor Connect(bool test = false, string? passphrase = Passphrase)
    {
        var settings = new Dictionary<string, string> { ["merchantId"] = MerchantId };
        if (passphrase is not null)
        {
            settings["passphrase"] = passphrase;
        }

        return new PayFastProcessor(
            new Connection
            {
                Settings = settings,
                TestMode = test,
                Http = new HttpClient(this),
                Clock = new SetClock(this),
            }
        );
    }

    public void IsSpent() => script.Should().BeEmpty("every reply of the script must be asked for");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        Sent.Add(
            new SentCall(
                request.RequestUri,
                request.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase),
                request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken),
                request.Content?.Headers.ContentLength
            )
        );
        Assert.That(script, Is.Not.Empty, $"nothing is recorded for {call}");
        var (expected, reply) = script.Dequeue();
        Assert.That(call, Is.EqualTo(expected));
        return await reply(cancellationToken);
    }

    private sealed class SetClock(PayFastWire wire) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now + wire.Passed;
    }
}

internal sealed record SentCall(Uri Address, IReadOnlyDictionary<string, string> Headers, string? Body, long? Length);

/// <summary>Notifications, signed as PayFast would.</summary>
internal static class Itn
{
    public const string Token = "0a1b2c3d-1111-4222-8333-444455556666";

    public static readonly (string Name, string Value)[] OnceOff =
    [
        ("m_payment_id", "007"),
        ("pf_payment_id", "2452165"),
        ("payment_status", "COMPLETE"),
        ("item_name", "Gold plan (monthly)"),
        ("item_description", ""),
        ("amount_gross", "690.00"),
        ("amount_fee", "-15.87"),
        ("amount_net", "674.13"),
        ("custom_str1", "tenant-7|user"),
        ("custom_int1", ""),
        ("name_first", "Zoë"),
        ("name_last", "O'Nkosi"),
        ("email_address", "zoe+shop@example.com"),
        ("merchant_id", PayFastWire.MerchantId),
    ];

    public static readonly (string Name, string Value)[] FirstCharge = [.. OnceOff, ("token", Token), ("billing_date", "2026-02-03")];

    public static readonly (string Name, string Value)[] Renewal = [OnceOff[0], ("token", Token), .. OnceOff[1..]];

    public static readonly (string Name, string Value)[] Canceled =
    [
        .. OnceOff.With(("pf_payment_id", ""), ("payment_status", "CANCELLED"), ("amount_gross", "")),
        ("token", Token),
    ];

    public static (string Name, string Value)[] With(this (string Name, string Value)[] fields, params (string Name, string Value)[] changes) =>
        [.. fields.Select(field => changes.FirstOrDefault(change => change.Name == field.Name) is { Name: not null } changed ? changed : field)];

    public static string Parameters((string Name, string Value)[] fields) =>
        string.Join('&', fields.Select(field => $"{field.Name}={PayFastSignature.Encode(field.Value)}"));

    public static WebhookRequest Signed((string Name, string Value)[] fields, string passphrase = PayFastWire.Passphrase)
    {
        var signature = PayFastSignature.OfNotification(
            fields.Select(field => KeyValuePair.Create(field.Name, Encoding.UTF8.GetBytes(field.Value))),
            passphrase
        );
        return Request($"{Parameters(fields)}&signature={signature}");
    }

    public static WebhookRequest Request(string body) =>
        new() { Body = Encoding.Latin1.GetBytes(body), Headers = new Dictionary<string, IReadOnlyList<string>>() };

    public static string Text(this WebhookRequest request) => Encoding.Latin1.GetString(request.Body.Span);
}

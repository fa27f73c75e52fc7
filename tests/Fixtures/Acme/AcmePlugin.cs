using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Acme;

/// <summary>Acme Pay: single payments, told by signed webhooks.</summary>
public sealed class AcmePlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "acme";

    /// <inheritdoc />
    public string DisplayName => "Acme Pay";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings { get; } =
    [
        new()
        {
            Name = "apiKey",
            Label = "Secret key",
            Secret = true,
        },
        new()
        {
            Name = "webhookSecret",
            Label = "Webhook signing secret",
            Secret = true,
            Required = false,
            GuardsWebhooks = true,
        },
    ];

    /// <inheritdoc />
    public Type ProcessorType => typeof(AcmeProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new AcmeProcessor(connection);
}

/// <summary>One account at Acme. The interfaces it names are its row in the matrix.</summary>
[Limit(typeof(IReceiveWebhooks), "Single payments only.")]
internal sealed class AcmeProcessor(Connection acme) : IProcessor, IReceiveWebhooks
{
    public async Task CheckAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(acme.ApiBase("https://api.acme.example/"), "v1/account"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", acme["apiKey"]);
        try
        {
            using var reply = await acme.Http.SendAsync(request, ct);
            if (!reply.IsSuccessStatusCode)
            {
                var fault = reply.StatusCode == HttpStatusCode.Unauthorized ? ProcessorFault.BadCredentials : ProcessorFault.NoReply;
                throw new ProcessorException(fault, $"Acme answered {(int)reply.StatusCode}.");
            }
        }
        catch (HttpRequestException away)
        {
            throw new ProcessorException(ProcessorFault.NoReply, "Acme cannot be reached.", away);
        }
    }

    public Task<Delivery> VerifyAsync(WebhookRequest request, CancellationToken ct)
    {
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(acme["webhookSecret"] ?? ""), request.Body.Span);
        var given = Encoding.ASCII.GetBytes(request.Header("Acme-Signature") ?? "");
        return Task.FromResult<Delivery>(
            acme["webhookSecret"] is not null
            && CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)))
                ? new Delivery.Verified { DeliveryId = Convert.ToHexStringLower(SHA256.HashData(request.Body.Span)), EventType = "payment" }
                : new Delivery.Rejected { Reason = "the signature does not match" }
        );
    }

    public Task<IReadOnlyList<ProcessorRecord>> ReadAsync(WebhookRequest request, CancellationToken ct)
    {
        try
        {
            var paid =
                JsonSerializer.Deserialize<Paid>(request.Body.Span, JsonSerializerOptions.Web) ?? throw new FormatException("The body says null.");
            return Task.FromResult<IReadOnlyList<ProcessorRecord>>([
                new OrderRecord
                {
                    Id = paid.Id,
                    AsOf = paid.At,
                    PaidAt = paid.At,
                    Customer = new CustomerReference { Email = paid.Email },
                    Total = new Money(paid.Amount, paid.Currency),
                    State = OrderState.Paid,
                },
            ]);
        }
        catch (JsonException unreadable)
        {
            throw new FormatException("The body is not a payment.", unreadable);
        }
    }

    private sealed record Paid
    {
        public required string Id { get; init; }
        public required DateTimeOffset At { get; init; }
        public required long Amount { get; init; }
        public required string Currency { get; init; }
        public required string Email { get; init; }
    }
}

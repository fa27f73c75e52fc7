using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Sandbox;

/// <summary>One account at the Sandbox. It can do everything but deliver invoice files, so the portal's own are seen.</summary>
[Limit(typeof(IChangePlans), "ChangePlansLimit")]
[Limit(typeof(IRetryPayments), "RetryPaymentsLimit")]
internal sealed class SandboxProcessor(Connection connection)
    : IProcessor,
        IReceiveWebhooks,
        IListRecords,
        ICancelSubscriptions,
        IUndoCancellations,
        IPauseSubscriptions,
        IChangePlans,
        IRetryPayments,
        IRefundPayments,
        IHostCheckout,
        IHostPaymentMethods,
        IRemovePaymentMethods,
        IChoosePaymentMethods,
        IUpdateCustomers
{
    // Customers before what they own, orders before what pays them.
    private static readonly RecordKind[] ListOrder =
    [
        RecordKind.Customer,
        RecordKind.PaymentMethod,
        RecordKind.Subscription,
        RecordKind.Order,
        RecordKind.Invoice,
        RecordKind.Payment,
        RecordKind.Refund,
        RecordKind.Dispute,
    ];

    private readonly SandboxApi api = new(connection);
    private readonly SandboxSignature signature = new(connection);

    public CancelTiming Timings => CancelTiming.AtPeriodEnd | CancelTiming.Immediately;

    public RefundTerms Terms { get; } = new() { Partial = true };

    public Task CheckAsync(CancellationToken ct) => api.GetAsync("/v1/customers?limit=1", ct);

    public Task<Delivery> VerifyAsync(WebhookRequest request, CancellationToken ct) => Task.FromResult(signature.Verify(request));

    public Task<IReadOnlyList<ProcessorRecord>> ReadAsync(WebhookRequest request, CancellationToken ct)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body, SandboxJson.Strict);
            var record = SandboxRecords.Read(document.RootElement.GetProperty("data").GetProperty("object"));
            return Task.FromResult<IReadOnlyList<ProcessorRecord>>(record is null ? [] : [record]);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The Sandbox's event cannot be read.", unreadable);
        }
    }

    public async IAsyncEnumerable<ProcessorRecord> ListAsync(DateTimeOffset changedSince, [EnumeratorCancellation] CancellationToken ct)
    {
        var since = Uri.EscapeDataString(changedSince.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        foreach (var kind in ListOrder)
        {
            var first = $"/v1/{SandboxRecords.Collection(kind)}?limit=100&changed_since={since}";
            for (var path = first; path is not null; )
            {
                var page = (await api.GetAsync(path, ct)).Body;
                foreach (var thing in page.GetProperty("data").EnumerateArray())
                    if (SandboxRecords.Read(thing) is { } record)
                        yield return record;
                path = page.Text("next") is { } next ? $"{first}&after={Uri.EscapeDataString(next)}" : null;
            }
        }
    }

    public async Task<ProcessorRecord?> FindAsync(RecordKind kind, string id, CancellationToken ct)
    {
        try
        {
            var reply = await api.GetAsync($"/v1/{SandboxRecords.Collection(kind)}/{Uri.EscapeDataString(id)}", ct);
            return SandboxRecords.Read(reply.Body);
        }
        catch (ProcessorException unknown) when (unknown.Fault == ProcessorFault.NotFound)
        {
            return null;
        }
    }

    public Task<Outcome> CancelAsync(CancelSubscription request, CancellationToken ct)
    {
        var timing = request.Timing == CancelTiming.AtPeriodEnd ? "at_period_end" : "immediately";
        return CommandAsync($"subscriptions/{Escape(request.SubscriptionId)}/cancel", request, new { timing }, ct);
    }

    public Task<Outcome> UndoCancelAsync(UndoCancellation request, CancellationToken ct) =>
        CommandAsync($"subscriptions/{Escape(request.SubscriptionId)}/undo-cancel", request, new { }, ct);

    public Task<Outcome> PauseAsync(PauseSubscription request, CancellationToken ct) =>
        CommandAsync($"subscriptions/{Escape(request.SubscriptionId)}/pause", request, new { until = request.Until }, ct);

    public Task<Outcome> ResumeAsync(ResumeSubscription request, CancellationToken ct) =>
        CommandAsync($"subscriptions/{Escape(request.SubscriptionId)}/resume", request, new { }, ct);

    public async Task<PlanQuote> QuoteAsync(ChangePlan request, CancellationToken ct)
    {
        var path = $"/v1/subscriptions/{Escape(request.SubscriptionId)}/quote";
        var reply = await api.AskAsync(path, new { plan = request.PlanId, quantity = request.Quantity }, ct);
        if (reply.Status == HttpStatusCode.PaymentRequired)
            throw new ProcessorException(ProcessorFault.BadRequest, $"The Sandbox quotes nothing: {SandboxAnswers.Refusal(reply.Body).Code}.");
        return new PlanQuote { DueNow = reply.Body.NeededMoney("due_now"), EachPeriod = reply.Body.NeededMoney("each_period") };
    }

    public Task<Outcome> ChangeAsync(ChangePlan request, CancellationToken ct) =>
        CommandAsync(
            $"subscriptions/{Escape(request.SubscriptionId)}/change",
            request,
            new
            {
                plan = request.PlanId,
                quantity = request.Quantity,
                return_to = request.ReturnTo.AbsoluteUri,
            },
            ct
        );

    public Task<Outcome> RetryAsync(RetryPayment request, CancellationToken ct) =>
        CommandAsync($"payments/{Escape(request.PaymentId)}/retry", request, new { payment_method = request.PaymentMethodId }, ct);

    public Task<Outcome> RefundAsync(RefundPayment request, CancellationToken ct)
    {
        var amount = new { amount = request.Amount.MinorUnits, currency = request.Amount.Currency };
        return CommandAsync($"payments/{Escape(request.PaymentId)}/refunds", request, new { amount }, ct);
    }

    public Task<HostedPage> StartCheckoutAsync(StartCheckout request, CancellationToken ct) =>
        OpenAsync(
            request,
            new
            {
                kind = "checkout",
                plan = request.PlanId,
                return_to = request.ReturnTo.AbsoluteUri,
            },
            ct
        );

    public Task<HostedPage> StartUpdateAsync(UpdatePaymentMethod request, CancellationToken ct) =>
        OpenAsync(
            request,
            new
            {
                kind = "payment_method",
                customer = request.CustomerId,
                subscription = request.SubscriptionId,
                return_to = request.ReturnTo.AbsoluteUri,
            },
            ct
        );

    public Task<Outcome> RemoveAsync(RemovePaymentMethod request, CancellationToken ct) =>
        CommandAsync($"payment-methods/{Escape(request.PaymentMethodId)}/remove", request, new { }, ct);

    public Task<Outcome> ChooseAsync(ChoosePaymentMethod request, CancellationToken ct) =>
        CommandAsync(
            $"payment-methods/{Escape(request.PaymentMethodId)}/choose",
            request,
            new { customer = request.CustomerId, subscription = request.SubscriptionId },
            ct
        );

    public Task<Outcome> UpdateAsync(UpdateCustomer request, CancellationToken ct) =>
        CommandAsync(
            $"customers/{Escape(request.CustomerId)}/update",
            request,
            new
            {
                email = request.Email,
                name = request.Name,
                phone = request.Phone,
                address = Wire(request.Address),
                shipping_address = Wire(request.ShippingAddress),
                business_name = request.BusinessName,
                tax_id = request.TaxId,
            },
            ct
        );

    private static object? Wire(Address? address) =>
        address is null
            ? null
            : new
            {
                line1 = address.Line1,
                line2 = address.Line2,
                city = address.City,
                state = address.State,
                postal_code = address.PostalCode,
                country = address.Country,
            };

    private async Task<Outcome> CommandAsync(string path, ProcessorRequest request, object body, CancellationToken ct)
    {
        var reply = await api.CommandAsync("/v1/" + path, request.IdempotencyKey, body, ct);
        if (reply.Status == HttpStatusCode.PaymentRequired)
            return SandboxAnswers.Refusal(reply.Body);
        return SandboxAnswers.Read(reply.Body);
    }

    private async Task<HostedPage> OpenAsync(ProcessorRequest request, object body, CancellationToken ct)
    {
        var reply = await api.CommandAsync("/v1/hosted-pages", request.IdempotencyKey, body, ct);
        if (reply.Status == HttpStatusCode.PaymentRequired)
            throw new ProcessorException(ProcessorFault.BadRequest, $"The Sandbox opens no page: {SandboxAnswers.Refusal(reply.Body).Code}.");
        return SandboxAnswers.Page(reply.Body);
    }

    private static string Escape(string id) => Uri.EscapeDataString(id);
}

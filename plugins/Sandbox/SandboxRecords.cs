using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Sandbox;

/// <summary>The Sandbox's objects as the contract's records.</summary>
internal static class SandboxRecords
{
    public static string Collection(RecordKind kind) =>
        kind == RecordKind.PaymentMethod ? "payment-methods" : kind.ToString().ToLowerInvariant() + "s";

    /// <summary>Null for a kind the portal keeps no books about.</summary>
    /// <exception cref="FormatException">It cannot be understood.</exception>
    public static ProcessorRecord? Read(JsonElement thing)
    {
        try
        {
            return thing.Text("object") switch
            {
                "customer" => Customer(thing),
                "payment_method" => StoredMethod(thing),
                "order" => Order(thing),
                "payment" => Payment(thing),
                "refund" => Refund(thing),
                "dispute" => Dispute(thing),
                "subscription" => Subscription(thing),
                "invoice" => Invoice(thing),
                _ => null,
            };
        }
        catch (Exception unreadable) when (unreadable is InvalidOperationException or OverflowException)
        {
            throw new FormatException($"The Sandbox's object cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static CustomerRecord Customer(JsonElement it) =>
        new()
        {
            Id = it.Needed("id"),
            AsOf = AsOf(it),
            Customer = new CustomerReference
            {
                Id = it.Text("id"),
                Email = it.Text("email"),
                Name = it.Text("name"),
            },
            Email = it.Text("email"),
            Name = it.Text("name"),
            Address = it.Member("address") is { } address ? Address(address) : null,
            Deleted = it.Flag("deleted") ?? false,
        };

    private static PaymentMethodRecord StoredMethod(JsonElement it) =>
        new()
        {
            Id = it.Needed("id"),
            AsOf = AsOf(it),
            Customer = Owner(it),
            Method = Method(it) ?? throw new FormatException("A payment method does not say what it is."),
            Default = it.Flag("default"),
            Removed = it.Flag("removed") ?? false,
        };

    private static OrderRecord Order(JsonElement it) =>
        new()
        {
            Id = it.Needed("id"),
            AsOf = AsOf(it),
            Customer = Owner(it),
            Reference = it.Text("reference"),
            Total = it.NeededMoney("total"),
            Tax = it.Money("tax"),
            State = it.Choice<OrderState>("state"),
            Reason = it.Choice<OrderReason>("reason"),
            PlacedAt = it.Time("placed_at"),
            PaidAt = it.Time("paid_at"),
            SubscriptionId = it.Text("subscription"),
            Lines = it.Member("lines") is { } lines ? [.. lines.EnumerateArray().Select(Line)] : [],
            Billing = it.Member("billing") is { } billing
                ? new BillingDetail
                {
                    Name = billing.Text("name"),
                    BusinessName = billing.Text("business_name"),
                    TaxId = billing.Text("tax_id"),
                    Address = billing.Member("address") is { } address ? Address(address) : null,
                }
                : null,
        };

    private static OrderLine Line(JsonElement it) =>
        new()
        {
            ProductId = it.Text("product"),
            Name = it.Needed("name"),
            Quantity = it.Count("quantity") ?? 1,
            Total = it.NeededMoney("total"),
            Tax = it.Money("tax"),
            TaxRate = it.Member("tax_percent")?.GetDecimal(),
            PeriodStart = it.Time("period_start"),
            PeriodEnd = it.Time("period_end"),
        };

    private static PaymentRecord Payment(JsonElement it) =>
        new()
        {
            Id = it.Needed("id"),
            AsOf = AsOf(it),
            Customer = Owner(it),
            Amount = it.NeededMoney("amount"),
            State = it.Choice<PaymentState>("state"),
            Refunded = it.Money("refunded"),
            OrderId = it.Text("order"),
            SubscriptionId = it.Text("subscription"),
            InvoiceId = it.Text("invoice"),
            CreatedAt = it.Time("created_at"),
            Method = Method(it),
            FailureCode = it.Text("failure_code"),
            NextAttemptAt = it.Time("next_attempt_at"),
        };

    private static RefundRecord Refund(JsonElement it) =>
        new()
        {
            Id = it.Needed("id"),
            AsOf = AsOf(it),
            Customer = Owner(it),
            PaymentId = it.Needed("payment"),
            Amount = it.NeededMoney("amount"),
            State = it.Choice<RefundState>("state"),
            CreatedAt = it.Time("created_at"),
        };

    private static DisputeRecord Dispute(JsonElement it) =>
        new()
        {
            Id = it.Needed("id"),
            AsOf = AsOf(it),
            Customer = Owner(it),
            PaymentId = it.Needed("payment"),
            Amount = it.NeededMoney("amount"),
            State = it.Choice<DisputeState>("state"),
            Reason = it.Text("reason"),
            CreatedAt = it.Time("created_at"),
        };

    private static SubscriptionRecord Subscription(JsonElement it) =>
        new()
        {
            Id = it.Needed("id"),
            AsOf = AsOf(it),
            Customer = Owner(it),
            PlanId = it.Text("plan"),
            Name = it.Text("name"),
            State = it.Choice<SubscriptionState>("state"),
            Price = it.Money("price"),
            Quantity = it.Count("quantity"),
            Cycle = new BillingCycle { Unit = it.Choice<CycleUnit>("interval"), Count = it.Count("interval_count") ?? 1 },
            StartedAt = it.Time("started_at"),
            CurrentPeriodStart = it.Time("current_period_start"),
            CurrentPeriodEnd = it.Time("current_period_end"),
            TrialEnd = it.Time("trial_end"),
            WillCancel = it.Flag("will_cancel"),
            CancelAt = it.Time("cancel_at"),
            EndedAt = it.Time("ended_at"),
            PausedUntil = it.Time("paused_until"),
            Method = Method(it),
        };

    private static InvoiceRecord Invoice(JsonElement it) =>
        new()
        {
            Id = it.Needed("id"),
            AsOf = AsOf(it),
            Customer = Owner(it),
            Number = it.Text("number"),
            Total = it.NeededMoney("total"),
            State = it.Choice<InvoiceState>("state"),
            OrderId = it.Text("order"),
            SubscriptionId = it.Text("subscription"),
            IssuedAt = it.Time("issued_at"),
        };

    // It grows with every change of the object, so two messages about it can always be put in order.
    private static DateTimeOffset AsOf(JsonElement it) =>
        it.Time("updated_at") ?? throw new FormatException("The Sandbox's object has no `updated_at`.");

    private static CustomerReference? Owner(JsonElement it) =>
        it.Text("customer") is { } id ? new CustomerReference { Id = id, Email = it.Text("customer_email") } : null;

    private static PaymentMethod? Method(JsonElement it) =>
        it.Member("method") is { } method
            ? new PaymentMethod
            {
                Id = method.Text("id"),
                Kind = method.Needed("kind"),
                Brand = method.Text("brand"),
                LastFour = method.Text("last_four"),
                ExpiryMonth = method.Count("expiry_month"),
                ExpiryYear = method.Count("expiry_year"),
            }
            : null;

    private static Address Address(JsonElement it) =>
        new()
        {
            Line1 = it.Text("line1"),
            Line2 = it.Text("line2"),
            City = it.Text("city"),
            State = it.Text("state"),
            PostalCode = it.Text("postal_code"),
            Country = it.Text("country"),
        };
}

using System.Text.Json;
using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>Stripe's objects as records, in both shapes: before and since API line "basil", which moved much of invoice and subscription.</summary>
/// <remarks>
/// Source: docs.stripe.com/api (objects), docs.stripe.com/changelog (basil). An event is rendered in the version of its
/// endpoint, whatever this adapter asks for itself, hence both shapes.
/// </remarks>
internal static class StripeRecords
{
    public static CustomerRecord Customer(JsonElement customer, DateTimeOffset asOf, bool deleted = false) =>
        new()
        {
            Id = customer.Needed("id"),
            AsOf = asOf,
            Customer = new CustomerReference
            {
                Id = customer.Needed("id"),
                Email = customer.Text("email"),
                Name = customer.Text("name"),
            },
            Email = customer.Text("email"),
            Name = customer.Text("name"),
            Address = Address(customer.Part("address")),
            Deleted = deleted || customer.Truth("deleted") is true,
        };

    public static SubscriptionRecord Subscription(JsonElement subscription, DateTimeOffset asOf)
    {
        var items = subscription.Part("items").Items("data").ToList();
        var first = items.FirstOrDefault();
        var price = first.Has("price") ? first.Part("price") : first.Part("plan");
        var state = State(subscription);
        var ended = state is SubscriptionState.Canceled or SubscriptionState.Expired;
        var periodEnd = items.Max(item => item.Time("current_period_end")) ?? subscription.Time("current_period_end");
        var endsWithPeriod = subscription.Truth("cancel_at_period_end");
        var cancelAt = subscription.Time("cancel_at") ?? (endsWithPeriod is true ? periodEnd : null);
        var willCancel = !ended && cancelAt is not null;
        return new SubscriptionRecord
        {
            Id = subscription.Needed("id"),
            AsOf = asOf,
            Customer = Owner(subscription),
            PlanId = price.Text("id"),
            Name = subscription.Text("description") ?? (Expanded(price, "product", out var product) ? product.Text("name") : null),
            State = state,
            Price = Price(items),
            Quantity = first.Count("quantity"),
            Cycle = Cycle(price.Has("recurring") ? price.Part("recurring") : price),
            StartedAt = subscription.Time("start_date") ?? subscription.Time("created"),
            CurrentPeriodStart = items.Min(item => item.Time("current_period_start")) ?? subscription.Time("current_period_start"),
            CurrentPeriodEnd = periodEnd,
            TrialEnd = subscription.Time("trial_end"),
            WillCancel = willCancel,
            CancelAt = willCancel ? cancelAt : null,
            EndedAt = subscription.Time("ended_at"),
            PausedUntil = subscription.Part("pause_collection").Time("resumes_at"),
            Method = Expanded(subscription, "default_payment_method", out var method) ? Method(method) : null,
        };
    }

    public static SubscriptionState State(JsonElement subscription) =>
        subscription.Needed("status") switch
        {
            "trialing" => SubscriptionState.Trialing,
            // A pause of the collection leaves Stripe's own status at "active".
            "active" => subscription.Has("pause_collection") ? SubscriptionState.Paused : SubscriptionState.Active,
            "past_due" or "unpaid" or "incomplete" => SubscriptionState.PastDue,
            "paused" => SubscriptionState.Paused,
            "canceled" => SubscriptionState.Canceled,
            "incomplete_expired" => SubscriptionState.Expired,
            _ => throw Unknown("subscription"),
        };

    /// <summary>An invoice as an order; null while it is a draft, which may still change in every way.</summary>
    public static OrderRecord? Order(JsonElement invoice, DateTimeOffset asOf, bool failedForGood = false)
    {
        var status = InvoiceStatus(invoice);
        if (status == InvoiceState.Draft)
            return null;
        var subscription = SubscriptionOf(invoice);
        return new OrderRecord
        {
            Id = invoice.Needed("id"),
            AsOf = asOf,
            Customer = InvoiceOwner(invoice),
            Total = invoice.NeededAmount("total"),
            Tax = InvoiceTax(invoice),
            State = status switch
            {
                InvoiceState.Paid => OrderState.Paid,
                InvoiceState.Void => OrderState.Canceled,
                InvoiceState.Uncollectible => OrderState.Failed,
                // Open means it can still be paid, unless Stripe has given up trying.
                _ => failedForGood ? OrderState.Failed : OrderState.Pending,
            },
            Reason = invoice.Text("billing_reason") switch
            {
                "subscription_create" => OrderReason.SubscriptionStart,
                "subscription_cycle" or "subscription_threshold" => OrderReason.SubscriptionRenewal,
                "subscription_update" => OrderReason.SubscriptionChange,
                "manual" => OrderReason.Purchase,
                "quote_accept" when subscription is not null => OrderReason.SubscriptionStart,
                _ when subscription is not null => OrderReason.SubscriptionRenewal,
                _ => OrderReason.Purchase,
            },
            PlacedAt = invoice.Time("created"),
            PaidAt = invoice.Part("status_transitions").Time("paid_at"),
            SubscriptionId = subscription,
            Lines = [.. invoice.Part("lines").Items("data").Select(line => InvoiceLine(line, invoice.Needed("currency")))],
            Billing = Billing(invoice.Text("customer_name"), invoice.Part("customer_address"), invoice.Items("customer_tax_ids")),
        };
    }

    public static OrderLine InvoiceLine(JsonElement line, string currency)
    {
        currency = line.Text("currency") ?? currency;
        var pricing = line.Part("pricing").Part("price_details");
        var price = line.Has("price") ? line.Part("price") : line.Part("plan");
        var product = pricing.IdOf("product") ?? price.IdOf("product") ?? pricing.IdOf("price") ?? price.Text("id");
        var total = line.Amount("amount", currency) ?? throw new FormatException("A line of Stripe's invoice has no amount.");
        foreach (var discount in line.Items("discount_amounts"))
            total -= discount.Amount("amount", currency) ?? Money.Zero(total.Currency);

        var taxes = (line.Has("taxes") ? line.Items("taxes") : line.Items("tax_amounts")).ToList();
        Money? tax = line.Has("taxes") || line.Has("tax_amounts") ? Money.Zero(total.Currency) : null;
        decimal? rate = taxes.Count > 0 ? 0 : null;
        foreach (var part in taxes)
        {
            var amount = part.Amount("amount", currency) ?? Money.Zero(total.Currency);
            tax += amount;
            if (part.Text("tax_behavior") == "exclusive" || part.Truth("inclusive") is false)
                total += amount;
            rate += Percentage(Expanded(part, "tax_rate", out var told) ? told : part.Part("tax_rate_details"));
        }
        return new OrderLine
        {
            ProductId = product,
            Name = line.Text("description") ?? product ?? line.Text("id") ?? "",
            Quantity = line.Count("quantity") ?? 1,
            Total = total,
            Tax = tax,
            TaxRate = rate ?? Rates(line.Items("tax_rates").ToList()),
            PeriodStart = line.Part("period").Time("start"),
            PeriodEnd = line.Part("period").Time("end"),
        };
    }

    public static InvoiceRecord Invoice(JsonElement invoice, DateTimeOffset asOf, bool deleted = false)
    {
        var status = deleted ? InvoiceState.Void : InvoiceStatus(invoice);
        return new InvoiceRecord
        {
            Id = invoice.Needed("id"),
            AsOf = asOf,
            Customer = InvoiceOwner(invoice),
            Number = invoice.Text("number"),
            Total = invoice.NeededAmount("total"),
            State = status,
            // A draft has no order yet, and a deleted one never gets any.
            OrderId = status == InvoiceState.Draft || deleted ? null : invoice.Needed("id"),
            SubscriptionId = SubscriptionOf(invoice),
            IssuedAt = invoice.Part("status_transitions").Time("finalized_at"),
        };
    }

    public static InvoiceState InvoiceStatus(JsonElement invoice) =>
        invoice.Text("status") switch
        {
            "draft" => InvoiceState.Draft,
            "open" => InvoiceState.Open,
            "paid" => InvoiceState.Paid,
            "void" => InvoiceState.Void,
            "uncollectible" => InvoiceState.Uncollectible,
            _ => throw Unknown("invoice"),
        };

    /// <summary>
    /// The payments of an invoice. Since basil the invoice does not name them; <paramref name="links"/> are its invoice payments
    /// where they could be read, else the payment goes by the invoice's id until its own is known.
    /// </summary>
    public static IEnumerable<PaymentRecord> InvoicePayments(
        JsonElement invoice,
        DateTimeOffset asOf,
        PaymentState state,
        IReadOnlyList<JsonElement> links
    )
    {
        var amount = state == PaymentState.Succeeded ? invoice.NeededAmount("amount_paid") : invoice.NeededAmount("amount_remaining");
        // Nothing moved: covered by credit, a trial, or a coupon.
        if (amount.MinorUnits == 0)
            yield break;
        var invoiceId = invoice.Needed("id");
        var known = links
            .Where(link => link.Text("status") == (state == PaymentState.Succeeded ? "paid" : "open") && PaidBy(link) is not null)
            .ToList();
        if (known.Count == 0)
            yield return Record(invoice.IdOf("payment_intent") ?? invoice.IdOf("charge"), amount, true);
        foreach (var link in known)
        {
            var own = state == PaymentState.Succeeded ? link.Amount("amount_paid") : link.Amount("amount_requested");
            yield return Record(PaidBy(link), own ?? amount, known.Count == 1 || link.Truth("is_default") is true);
        }

        PaymentRecord Record(string? id, Money value, bool stoodForAll) =>
            new()
            {
                Id = id ?? invoiceId,
                FormerId = id is not null && stoodForAll ? invoiceId : null,
                AsOf = asOf,
                Customer = InvoiceOwner(invoice),
                Amount = value,
                State = state,
                OrderId = invoiceId,
                InvoiceId = invoiceId,
                SubscriptionId = SubscriptionOf(invoice),
                CreatedAt = state == PaymentState.Succeeded ? invoice.Part("status_transitions").Time("paid_at") : null,
                NextAttemptAt = state == PaymentState.Failed ? invoice.Time("next_payment_attempt") : null,
                PayAt = state == PaymentState.Succeeded ? null : invoice.Page("hosted_invoice_url"),
            };
    }

    /// <summary>The link between invoice and payment, told on its own (<c>invoice_payment.paid</c>).</summary>
    public static PaymentRecord? InvoicePayment(JsonElement link, DateTimeOffset asOf) =>
        PaidBy(link) is { } id && link.IdOf("invoice") is { } invoice && link.Text("status") == "paid"
            ? new PaymentRecord
            {
                Id = id,
                FormerId = link.Truth("is_default") is false ? null : invoice,
                AsOf = asOf,
                Amount = link.NeededAmount("amount_paid"),
                State = PaymentState.Succeeded,
                OrderId = invoice,
                InvoiceId = invoice,
            }
            : null;

    public static string? PaidBy(JsonElement link)
    {
        var payment = link.Part("payment");
        return payment.IdOf("payment_intent") ?? payment.IdOf("charge") ?? payment.IdOf("payment_record");
    }

    public static PaymentRecord Payment(JsonElement intent, DateTimeOffset asOf)
    {
        var error = intent.Part("last_payment_error");
        var state = intent.Needed("status") switch
        {
            "succeeded" => PaymentState.Succeeded,
            "canceled" => PaymentState.Canceled,
            // Back at its start after a refusal, against waiting for its first method.
            "requires_payment_method" when error.ValueKind == JsonValueKind.Object => PaymentState.Failed,
            "processing" or "requires_payment_method" or "requires_action" or "requires_confirmation" or "requires_capture" => PaymentState.Pending,
            "requires_source" when error.ValueKind == JsonValueKind.Object => PaymentState.Failed,
            "requires_source" or "requires_source_action" => PaymentState.Pending,
            _ => throw Unknown("payment intent"),
        };
        var charge = Expanded(intent, "latest_charge", out var latest) ? latest : intent.Part("charges").Items("data").FirstOrDefault();
        var invoice = intent.IdOf("invoice");
        return new PaymentRecord
        {
            Id = intent.Needed("id"),
            FormerId = invoice,
            AsOf = asOf,
            Customer = Owner(intent, intent.Text("receipt_email")),
            Amount = intent.NeededAmount("amount"),
            State = state,
            Refunded = charge.Amount("amount_refunded", intent.Needed("currency")),
            OrderId = invoice,
            InvoiceId = invoice,
            CreatedAt = intent.Time("created"),
            Method =
                ChargeMethod(charge)
                ?? (
                    Expanded(intent, "payment_method", out var method) ? Method(method)
                    : error.Has("payment_method") ? Method(error.Part("payment_method"))
                    : null
                ),
            FailureCode = state == PaymentState.Failed ? error.Text("decline_code") ?? error.Text("code") : null,
        };
    }

    public static PaymentRecord Charge(JsonElement charge, DateTimeOffset asOf)
    {
        var invoice = charge.IdOf("invoice");
        var state = charge.Needed("status") switch
        {
            "succeeded" => PaymentState.Succeeded,
            "pending" => PaymentState.Pending,
            "failed" => PaymentState.Failed,
            _ => throw Unknown("charge"),
        };
        var billing = charge.Part("billing_details");
        return new PaymentRecord
        {
            Id = charge.IdOf("payment_intent") ?? charge.Needed("id"),
            FormerId = invoice,
            AsOf = asOf,
            Customer = Owner(charge, billing.Text("email") ?? charge.Text("receipt_email"), billing.Text("name")),
            Amount = charge.NeededAmount("amount"),
            State = state,
            Refunded = charge.Amount("amount_refunded"),
            OrderId = invoice,
            InvoiceId = invoice,
            CreatedAt = charge.Time("created"),
            Method = ChargeMethod(charge),
            FailureCode = state == PaymentState.Failed ? charge.Part("outcome").Text("reason") ?? charge.Text("failure_code") : null,
        };
    }

    public static RefundRecord Refund(JsonElement refund, DateTimeOffset asOf) =>
        new()
        {
            Id = refund.Needed("id"),
            AsOf = asOf,
            PaymentId = refund.IdOf("payment_intent") ?? refund.IdOf("charge") ?? throw new FormatException("Stripe's refund names no payment."),
            Amount = refund.NeededAmount("amount"),
            State = refund.Text("status") switch
            {
                "succeeded" => RefundState.Succeeded,
                "pending" or "requires_action" or null => RefundState.Pending,
                "failed" or "canceled" => RefundState.Failed,
                _ => throw Unknown("refund"),
            },
            CreatedAt = refund.Time("created"),
        };

    public static DisputeRecord Dispute(JsonElement dispute, DateTimeOffset asOf) =>
        new()
        {
            Id = dispute.Needed("id"),
            AsOf = asOf,
            PaymentId = dispute.IdOf("payment_intent") ?? dispute.IdOf("charge") ?? throw new FormatException("Stripe's dispute names no payment."),
            Amount = dispute.NeededAmount("amount"),
            State = dispute.Needed("status") switch
            {
                "needs_response" or "under_review" or "warning_needs_response" or "warning_under_review" => DisputeState.Open,
                "won" or "warning_closed" or "prevented" => DisputeState.Won,
                "lost" or "charge_refunded" => DisputeState.Lost,
                _ => throw Unknown("dispute"),
            },
            Reason = dispute.Text("reason"),
            CreatedAt = dispute.Time("created"),
        };

    public static PaymentMethodRecord StoredMethod(
        JsonElement method,
        DateTimeOffset asOf,
        bool? isDefault = null,
        bool removed = false,
        string? owner = null
    )
    {
        var billing = method.Part("billing_details");
        var customer = method.IdOf("customer") ?? owner;
        return new PaymentMethodRecord
        {
            Id = method.Needed("id"),
            AsOf = asOf,
            Customer = customer is null
                ? null
                : new CustomerReference
                {
                    Id = customer,
                    Email = billing.Text("email"),
                    Name = billing.Text("name"),
                },
            Method = Method(method),
            Default = isDefault,
            Removed = removed,
        };
    }

    /// <summary>A checkout session as an order: the invoice's where there is one, so that both tell of the same.</summary>
    public static OrderRecord CheckoutOrder(JsonElement session, DateTimeOffset asOf, OrderState unpaid, IReadOnlyList<JsonElement> lines)
    {
        var details = session.Part("customer_details");
        var currency = session.Needed("currency");
        return new OrderRecord
        {
            Id = session.IdOf("invoice") ?? session.Needed("id"),
            AsOf = asOf,
            Customer = CheckoutOwner(session),
            Reference = session.Text("client_reference_id"),
            Total = session.NeededAmount("amount_total"),
            Tax = session.Part("total_details").Amount("amount_tax", currency),
            State = IsPaid(session) ? OrderState.Paid : unpaid,
            Reason = session.Text("mode") == "subscription" ? OrderReason.SubscriptionStart : OrderReason.Purchase,
            PlacedAt = session.Time("created"),
            SubscriptionId = session.IdOf("subscription"),
            Lines = [.. lines.Select(line => CheckoutLine(line, currency))],
            Billing = Billing(details.Text("name"), details.Part("address"), details.Items("tax_ids"), details.Text("business_name")),
            MarketingConsent = session.Part("consent").Text("promotions") == "opt_in" ? true : null,
        };
    }

    /// <summary>The payment of a checkout session; null where an invoice's events tell of it, or where nothing was charged.</summary>
    public static PaymentRecord? CheckoutPayment(JsonElement session, DateTimeOffset asOf, PaymentState unpaid)
    {
        var invoice = session.IdOf("invoice");
        return session.IdOf("payment_intent") is not { } intent
            ? null
            : new PaymentRecord
            {
                Id = intent,
                FormerId = invoice,
                AsOf = asOf,
                Customer = CheckoutOwner(session),
                Amount = session.NeededAmount("amount_total"),
                State = IsPaid(session) ? PaymentState.Succeeded : unpaid,
                OrderId = invoice ?? session.Needed("id"),
                InvoiceId = invoice,
                SubscriptionId = session.IdOf("subscription"),
            };
    }

    private static bool IsPaid(JsonElement session) =>
        session.Needed("payment_status") switch
        {
            "paid" or "no_payment_required" => true,
            "unpaid" => false,
            _ => throw Unknown("checkout session"),
        };

    private static OrderLine CheckoutLine(JsonElement line, string currency)
    {
        var price = line.Part("price");
        var product = price.IdOf("product") ?? price.Text("id");
        var taxes = line.Items("taxes").ToList();
        return new OrderLine
        {
            ProductId = product,
            Name = line.Text("description") ?? product ?? line.Text("id") ?? "",
            Quantity = line.Count("quantity") ?? 1,
            Total = line.Amount("amount_total", currency) ?? throw new FormatException("A line of Stripe's checkout session has no amount."),
            Tax = line.Amount("amount_tax", currency),
            TaxRate = Rates([.. taxes.Select(tax => tax.Part("rate"))]),
        };
    }

    public static PaymentMethod Method(JsonElement method)
    {
        var type = method.Needed("type");
        var detail = method.Part(type);
        return new PaymentMethod
        {
            Id = method.Text("id"),
            Kind = type == "customer_balance" ? "bank_transfer" : type,
            Brand = Brand(detail),
            LastFour = detail.Text("last4"),
            ExpiryMonth = detail.Count("exp_month"),
            ExpiryYear = detail.Count("exp_year"),
        };
    }

    public static string? SubscriptionOf(JsonElement invoice) =>
        invoice.Part("parent").Part("subscription_details").IdOf("subscription") ?? invoice.IdOf("subscription");

    private static PaymentMethod? ChargeMethod(JsonElement charge)
    {
        var details = charge.Part("payment_method_details");
        return details.Has("type") ? Method(details) with { Id = charge.Text("payment_method") } : null;
    }

    private static string? Brand(JsonElement detail) =>
        (detail.Text("display_brand") ?? detail.Text("brand")) switch
        {
            "visa" => "Visa",
            "mastercard" => "Mastercard",
            "amex" or "american_express" => "American Express",
            "discover" => "Discover",
            "diners" or "diners_club" => "Diners Club",
            "jcb" => "JCB",
            "unionpay" => "UnionPay",
            "cartes_bancaires" => "Cartes Bancaires",
            "eftpos_au" or "eftpos_australia" => "eftpos",
            "unknown" or "other" => null,
            var other => other,
        };

    private static Money? Price(IReadOnlyList<JsonElement> items)
    {
        Money? sum = null;
        foreach (var item in items)
        {
            var price = item.Has("price") ? item.Part("price") : item.Part("plan");
            var unit = price.Whole("unit_amount") ?? price.Exact("unit_amount_decimal") ?? price.Whole("amount") ?? price.Exact("amount_decimal");
            // Tiers and metering have no price in advance.
            if (unit is null || item.Whole("quantity") is not { } quantity)
                return null;
            var each = StripeMoney.Read(unit.Value * quantity, price.Needed("currency"));
            sum = sum is { } so ? so + each : each;
        }
        return sum;
    }

    public static BillingCycle? Cycle(JsonElement recurring) =>
        recurring.Text("interval") switch
        {
            null => null,
            "day" => new BillingCycle { Unit = CycleUnit.Day, Count = recurring.Count("interval_count") ?? 1 },
            "week" => new BillingCycle { Unit = CycleUnit.Week, Count = recurring.Count("interval_count") ?? 1 },
            "month" => new BillingCycle { Unit = CycleUnit.Month, Count = recurring.Count("interval_count") ?? 1 },
            "year" => new BillingCycle { Unit = CycleUnit.Year, Count = recurring.Count("interval_count") ?? 1 },
            _ => throw Unknown("billing interval"),
        };

    private static Money? InvoiceTax(JsonElement invoice)
    {
        var name = invoice.Has("total_taxes") ? "total_taxes" : "total_tax_amounts";
        if (!invoice.Has(name))
            return invoice.Amount("tax");
        var currency = invoice.Needed("currency");
        return invoice
            .Items(name)
            .Select(tax => tax.Amount("amount", currency) ?? Money.Zero(currency.ToUpperInvariant()))
            .Aggregate(Money.Zero(currency.ToUpperInvariant()), (sum, tax) => sum + tax);
    }

    private static decimal? Rates(List<JsonElement> rates) =>
        rates.Count == 0 || rates.Any(rate => Percentage(rate) is null) ? null : rates.Sum(Percentage);

    private static decimal? Percentage(JsonElement rate) =>
        rate.ValueKind == JsonValueKind.Object
        && rate.TryGetProperty("percentage", out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out var percent)
            ? percent
            : null;

    private static CustomerReference? Owner(JsonElement thing, string? email = null, string? name = null)
    {
        var expanded = Expanded(thing, "customer", out var customer);
        var id = thing.IdOf("customer");
        email = expanded ? customer.Text("email") : email;
        name = expanded ? customer.Text("name") : name;
        return id is null && email is null
            ? null
            : new CustomerReference
            {
                Id = id,
                Email = email,
                Name = name,
            };
    }

    private static CustomerReference? InvoiceOwner(JsonElement invoice) =>
        Owner(invoice, invoice.Text("customer_email"), invoice.Text("customer_name"));

    private static CustomerReference? CheckoutOwner(JsonElement session)
    {
        var details = session.Part("customer_details");
        return Owner(session, details.Text("email") ?? session.Text("customer_email"), details.Text("name"));
    }

    private static BillingDetail? Billing(string? name, JsonElement address, IEnumerable<JsonElement> taxIds, string? business = null)
    {
        var detail = new BillingDetail
        {
            Name = name,
            BusinessName = business,
            TaxId = taxIds.Select(taxId => taxId.Text("value")).FirstOrDefault(),
            Address = Address(address),
        };
        return detail == new BillingDetail() ? null : detail;
    }

    private static Address? Address(JsonElement address)
    {
        var told = new Address
        {
            Line1 = address.Text("line1"),
            Line2 = address.Text("line2"),
            City = address.Text("city"),
            State = address.Text("state"),
            PostalCode = address.Text("postal_code"),
            Country = address.Text("country")?.ToUpperInvariant(),
        };
        return told == new Address() ? null : told;
    }

    /// <summary>Whether a reference came as the whole thing.</summary>
    public static bool Expanded(JsonElement parent, string name, out JsonElement thing)
    {
        thing = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out thing) && thing.ValueKind == JsonValueKind.Object;
    }

    // Not mapped to something near: a state nobody thought about must be seen, not guessed.
    private static FormatException Unknown(string what) => new($"Stripe's {what} has a state or kind this adapter does not know.");
}

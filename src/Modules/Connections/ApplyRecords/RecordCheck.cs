using Portal.Processors;

namespace Portal.Connections.ApplyRecords;

/// <summary>Refuses what no processor can mean, so that a plugin's mistake is never stored as truth.</summary>
internal static class RecordCheck
{
    private const int LongestId = 200;
    private const int LongestText = 1000;
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="FormatException">The record is not plausible; the message says where.</exception>
    public static void Demand(ProcessorRecord? record)
    {
        if (record is null)
        {
            throw new FormatException("The plugin told a null record.");
        }

        Id(record.Id, nameof(record.Id));
        Time(record.AsOf, nameof(record.AsOf));
        Text(record.Customer?.Id, "Customer.Id");
        Text(record.Customer?.Email, "Customer.Email");
        Text(record.Customer?.Name, "Customer.Name");
        if (record.Customer?.Id is { } customerId)
        {
            Id(customerId, "Customer.Id");
        }

        switch (record)
        {
            case OrderRecord order:
                Amount(order.Total, nameof(order.Total), mayBeNegative: true);
                Same(order.Total, order.Tax, nameof(order.Tax));
                Time(order.PlacedAt, nameof(order.PlacedAt));
                Time(order.PaidAt, nameof(order.PaidAt));
                foreach (var line in order.Lines)
                {
                    Text(line.Name, "Line.Name");
                    Same(order.Total, line.Total, "Line.Total");
                    Same(order.Total, line.Tax, "Line.Tax");
                }

                break;
            case PaymentRecord payment:
                Amount(payment.Amount, nameof(payment.Amount));
                Same(payment.Amount, payment.Refunded, nameof(payment.Refunded));
                Time(payment.CreatedAt, nameof(payment.CreatedAt));
                Link(payment.PayAt, nameof(payment.PayAt));
                break;
            case RefundRecord refund:
                Id(refund.PaymentId, nameof(refund.PaymentId));
                Amount(refund.Amount, nameof(refund.Amount));
                Time(refund.CreatedAt, nameof(refund.CreatedAt));
                break;
            case DisputeRecord dispute:
                Id(dispute.PaymentId, nameof(dispute.PaymentId));
                Amount(dispute.Amount, nameof(dispute.Amount));
                Time(dispute.CreatedAt, nameof(dispute.CreatedAt));
                break;
            case SubscriptionRecord subscription:
                Text(subscription.Name, nameof(subscription.Name));
                Text(subscription.PlanId, nameof(subscription.PlanId));
                if (subscription.Price is { } price)
                {
                    Amount(price, nameof(subscription.Price));
                }

                Time(subscription.CurrentPeriodStart, nameof(subscription.CurrentPeriodStart));
                Time(subscription.CurrentPeriodEnd, nameof(subscription.CurrentPeriodEnd));
                Time(subscription.CancelAt, nameof(subscription.CancelAt));
                Time(subscription.EndedAt, nameof(subscription.EndedAt));
                Time(subscription.TrialEnd, nameof(subscription.TrialEnd));
                Link(subscription.ManageAt, nameof(subscription.ManageAt));
                break;
            case InvoiceRecord invoice:
                Amount(invoice.Total, nameof(invoice.Total), mayBeNegative: true);
                Text(invoice.Number, nameof(invoice.Number));
                Time(invoice.IssuedAt, nameof(invoice.IssuedAt));
                break;
            case CustomerRecord customer:
                Text(customer.Email, nameof(customer.Email));
                Text(customer.Name, nameof(customer.Name));
                break;
            default:
                break;
        }
    }

    private static void Id(string? id, string field)
    {
        if (string.IsNullOrWhiteSpace(id) || id.Length > LongestId || id.Any(char.IsControl))
        {
            throw new FormatException($"{field} is not an id of 1 to {LongestId} printable characters.");
        }
    }

    private static void Text(string? text, string field)
    {
        if (text is not null && (text.Length > LongestText || text.Contains('\0')))
        {
            throw new FormatException($"{field} is longer than {LongestText} characters or holds a NUL.");
        }
    }

    private static void Time(DateTimeOffset? time, string field)
    {
        if (time is { } t && (t < Earliest || t > Latest))
        {
            throw new FormatException($"{field} lies outside {Earliest.Year} to {Latest.Year}.");
        }
    }

    private static void Amount(Money amount, string field, bool mayBeNegative = false)
    {
        if (amount.Currency is not { Length: 3 } code || !code.All(char.IsAsciiLetterUpper))
        {
            throw new FormatException($"{field} has no ISO 4217 currency.");
        }

        if (amount.MinorUnits < 0 && !mayBeNegative)
        {
            throw new FormatException($"{field} is negative.");
        }
    }

    private static void Same(Money whole, Money? part, string field)
    {
        if (part is { } p && p.Currency != whole.Currency)
        {
            throw new FormatException($"{field} is in {p.Currency}, the whole in {whole.Currency}.");
        }
    }

    private static void Link(Uri? link, string field)
    {
        if (link is not null && !(link.IsAbsoluteUri && link.Scheme is "https" or "http"))
        {
            throw new FormatException($"{field} is not a web address.");
        }
    }
}

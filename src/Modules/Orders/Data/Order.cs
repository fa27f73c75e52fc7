using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Processors;

namespace Portal.Orders.Data;

/// <summary>Something bought, as its processor last told it.</summary>
internal sealed class Order : IOfAccount, IListed, IVersioned
{
    private readonly List<Line> lines = [];

    private Order() { }

    public Order(long connectionId, OrderRecord record)
    {
        (ConnectionId, ProcessorId) = (connectionId, record.Id);
        PublicId = Kernel.PublicId.New("ord");
        ListedAt = record.PlacedAt ?? record.PaidAt ?? record.AsOf;
        AsOf = DateTimeOffset.MinValue;
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public long ConnectionId { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public CustomerId? CustomerId { get; set; }
    public string? AccountId { get; private set; }
    public string? Reference { get; private set; }
    public OrderReason Reason { get; private set; }
    public OrderState State { get; private set; }
    public Money Total { get; private set; }
    public long? TaxMinorUnits { get; private set; }
    public string? SubscriptionProcessorId { get; private set; }

    /// <summary>When it was placed.</summary>
    public DateTimeOffset ListedAt { get; private set; }
    public DateTimeOffset? PaidAt { get; private set; }
    public DateTimeOffset AsOf { get; private set; }
    public string? BillingName { get; private set; }
    public string? BusinessName { get; private set; }
    public string? TaxId { get; private set; }
    public PostalAddress Address { get; private set; } = PostalAddress.None;
    public Guid Version { get; set; }

    /// <summary>As told; databases promise no order of their own.</summary>
    public IReadOnlyList<Line> Lines => [.. lines.OrderBy(l => l.Id)];

    public Money? Tax => TaxMinorUnits is { } tax ? new Money(tax, Total.Currency) : null;

    /// <summary>What a buyer quotes to the merchant's support.</summary>
    public string Number => Reference ?? PublicId[^8..].ToUpperInvariant();

    /// <summary>Whether this would make it paid, or have been paid, with another amount than it was asked for.</summary>
    public bool IsPaidOtherwise(OrderRecord record) => Id != 0 && record.AsOf >= AsOf && IsPaid(record.State) && record.Total != Total;

    /// <summary>Takes in what a processor says; true when the order became paid by it.</summary>
    public bool Tell(OrderRecord record)
    {
        var paidBefore = PaidAt is not null;
        if (record.AsOf > AsOf || (record.AsOf == AsOf && Rank(record.State) >= Rank(State)))
        {
            AsOf = record.AsOf;

            // Refunds are told by payments; an order record that only knows "paid" does not take them back.
            State = IsPaid(State) && record.State == OrderState.Paid ? State : record.State;
            Total = record.Total;
            TaxMinorUnits = record.Tax?.MinorUnits ?? TaxMinorUnits;
            if (record.Lines.Count > 0 && !Lines.Select(l => l.ToInfo(record.Total.Currency)).SequenceEqual(record.Lines))
            {
                lines.Clear();
                lines.AddRange(record.Lines.Select(l => new Line(l)));
            }
        }
        else if (lines.Count == 0)
        {
            lines.AddRange(record.Lines.Select(l => new Line(l)));
        }

        Reason = Reason == OrderReason.Purchase ? record.Reason : Reason;
        Reference ??= record.Reference;
        AccountId ??= record.Customer?.Id;
        SubscriptionProcessorId ??= record.SubscriptionId;
        ListedAt = record.PlacedAt ?? ListedAt;
        PaidAt ??= record.PaidAt ?? (IsPaid(State) ? record.AsOf : null);
        Bill(record.Billing);
        return !paidBefore && IsPaid(State);
    }

    /// <summary>What its payments gave back so far.</summary>
    public void Refund(long minorUnits)
    {
        if (IsPaid(State))
        {
            State =
                minorUnits <= 0 ? OrderState.Paid
                : minorUnits >= Total.MinorUnits ? OrderState.Refunded
                : OrderState.PartiallyRefunded;
        }
    }

    public OrderInfo ToInfo() =>
        new()
        {
            Id = Id,
            PublicId = PublicId,
            Number = Number,
            ConnectionId = ConnectionId,
            ProcessorId = ProcessorId,
            CustomerId = CustomerId,
            Reason = Reason,
            State = State,
            Total = Total,
            Tax = Tax,
            PlacedAt = ListedAt,
            PaidAt = PaidAt,
            SubscriptionProcessorId = SubscriptionProcessorId,
            Billing = new BillingDetail
            {
                Name = BillingName,
                BusinessName = BusinessName,
                TaxId = TaxId,
                Address = Address.ToAddress(),
            },
            Lines = [.. Lines.Select(l => l.ToInfo(Total.Currency))],
        };

    /// <summary>Which of two states of one moment is the later one: processors date by the second.</summary>
    private static int Rank(OrderState state) =>
        state switch
        {
            OrderState.Pending => 0,
            OrderState.Failed or OrderState.Canceled => 1,
            OrderState.Paid => 2,
            OrderState.PartiallyRefunded => 3,
            _ => 4,
        };

    public static bool IsPaid(OrderState state) => state is OrderState.Paid or OrderState.PartiallyRefunded or OrderState.Refunded;

    private void Bill(BillingDetail? billing)
    {
        BillingName = billing?.Name ?? BillingName;
        BusinessName = billing?.BusinessName ?? BusinessName;
        TaxId = billing?.TaxId ?? TaxId;
        Address = billing?.Address is { } address ? PostalAddress.Of(address) : Address;
    }
}

/// <summary>One line of an order, in the order's currency.</summary>
internal sealed class Line
{
    private Line() { }

    public Line(OrderLine line)
    {
        (ProductId, Name, Quantity) = (line.ProductId, line.Name, line.Quantity);
        (TotalMinorUnits, TaxMinorUnits, TaxRate) = (line.Total.MinorUnits, line.Tax?.MinorUnits, line.TaxRate);
        (PeriodStart, PeriodEnd) = (line.PeriodStart, line.PeriodEnd);
    }

    public long Id { get; private set; }
    public string? ProductId { get; private set; }
    public string Name { get; private set; } = "";
    public int Quantity { get; private set; }
    public long TotalMinorUnits { get; private set; }
    public long? TaxMinorUnits { get; private set; }

    /// <summary>Percent.</summary>
    public decimal? TaxRate { get; private set; }
    public DateTimeOffset? PeriodStart { get; private set; }
    public DateTimeOffset? PeriodEnd { get; private set; }

    public OrderLine ToInfo(string currency) =>
        new()
        {
            ProductId = ProductId,
            Name = Name,
            Quantity = Quantity,
            Total = new Money(TotalMinorUnits, currency),
            Tax = TaxMinorUnits is { } tax ? new Money(tax, currency) : null,
            TaxRate = TaxRate,
            PeriodStart = PeriodStart,
            PeriodEnd = PeriodEnd,
        };
}

using System.Globalization;
using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>Charges: an order, its invoice and its payment, written together.</summary>
internal sealed class Till(Shop shop, FaultSwitches faults)
{
    /// <summary>Why a charge would fail now; null when it would not.</summary>
    public string? Verdict(PaymentMethod? method) =>
        method switch
        {
            null => "no_payment_method",
            { Behavior: Behavior.Decline } => "card_declined",
            { Behavior: Behavior.InsufficientFunds } => "insufficient_funds",
            { Method: { ExpiryYear: { } year, ExpiryMonth: { } month } } when shop.Now >= Expiry(year, month) => "expired_card",
            _ => null,
        };

    /// <summary>The same for a charge nobody is present at, which a fault switch may spoil.</summary>
    public string? RenewalVerdict(PaymentMethod? method) => faults.Take("renewals.charge").Fault == Fault.Decline ? "card_declined" : Verdict(method);

    public (Order Order, Payment? Payment) Charge(
        Customer customer,
        OrderReason reason,
        IReadOnlyList<OrderLine> lines,
        Subscription? subscription,
        PaymentMethod? method,
        string? failure
    )
    {
        var books = shop.Books;
        var currency = lines[0].Total.Currency;
        var total = new Money(lines.Sum(line => line.Total.Amount), currency);
        var nothing = new Money(0, currency);
        if (total.Amount == 0)
            failure = null;
        var order = books.Put(
            shop.Orders,
            new Order
            {
                Id = books.NextId("ord"),
                Reference = string.Create(CultureInfo.InvariantCulture, $"AT-{100_000 + books.NextNumber("reference")}"),
                Customer = customer.Id,
                CustomerEmail = customer.Email,
                Subscription = subscription?.Id,
                Reason = reason,
                State = failure is null ? OrderState.Paid : OrderState.Failed,
                Total = total,
                Tax = new Money(lines.Sum(line => line.Tax.Amount), currency),
                Lines = lines,
                Billing = new Billing
                {
                    Name = customer.Name,
                    BusinessName = customer.BusinessName,
                    TaxId = customer.TaxId,
                    Address = customer.Address,
                },
                PlacedAt = shop.Now,
                PaidAt = failure is null ? shop.Now : null,
            },
            failure is null ? "order.paid" : "order.failed"
        );
        var invoice = books.Put(
            shop.Invoices,
            new Invoice
            {
                Id = books.NextId("inv"),
                Number = string.Create(CultureInfo.InvariantCulture, $"SB-{shop.Now.Year}-{books.NextNumber("invoice"):D6}"),
                Customer = customer.Id,
                Order = order.Id,
                Subscription = subscription?.Id,
                Total = total,
                State = failure is null ? InvoiceState.Paid : InvoiceState.Open,
                IssuedAt = shop.Now,
            },
            failure is null ? "invoice.paid" : "invoice.payment_failed"
        );
        if (total.Amount == 0)
            return (order, null);
        var payment = books.Put(
            shop.Payments,
            new Payment
            {
                Id = books.NextId("pay"),
                Customer = customer.Id,
                CustomerEmail = customer.Email,
                Order = order.Id,
                Subscription = subscription?.Id,
                Invoice = invoice.Id,
                Amount = total,
                State = failure is null ? PaymentState.Succeeded : PaymentState.Failed,
                Refunded = nothing,
                Method = method?.Method,
                FailureCode = failure,
            },
            failure is null ? "payment.succeeded" : "payment.failed"
        );
        return (order, payment);
    }

    /// <summary>A line with the tax of the customer's country within its price.</summary>
    public static OrderLine Line(Product product, int quantity, Customer customer, Money? price = null)
    {
        var total = price ?? product.Price with { Amount = product.Price.Amount * quantity };
        var percent = TaxPercent(customer.Address?.Country);
        return new OrderLine
        {
            Product = product.Id,
            Name = product.Name,
            Quantity = quantity,
            Total = total,
            Tax = total with { Amount = (long)decimal.Round(total.Amount * percent / (100 + percent), MidpointRounding.AwayFromZero) },
            TaxPercent = percent,
        };
    }

    public static decimal TaxPercent(string? country) =>
        country switch
        {
            "DE" => 19,
            "FR" or "GB" or "AT" or "BG" or "EE" => 20,
            _ => 0,
        };

    private static DateTimeOffset Expiry(int year, int month) => new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
}

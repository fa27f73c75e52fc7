using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>Retries, refunds and disputes.</summary>
internal sealed class PaymentDesk(Shop shop, Till till)
{
    public PaymentMethod? MethodFor(Payment payment, string? chosen)
    {
        if (chosen is not null)
            return shop.MethodOf(payment.Customer, chosen);
        if (payment.Subscription is { } id)
            return shop.MethodOf(shop.Subscriptions.Get(id));
        return payment.Method?.Id is { } used && shop.PaymentMethods.Find(used) is { Removed: false } method
            ? method
            : shop.DefaultOf(shop.Customers.Get(payment.Customer));
    }

    /// <summary>The failed payment that may be tried again.</summary>
    public Payment Failed(string id)
    {
        var payment = shop.Payments.Get(id);
        if (payment.State != PaymentState.Failed)
            throw Refusal.Declined("payment_not_failed", "Only a failed payment can be tried again.");
        return payment.Subscription is { } of && shop.Subscriptions.Get(of).State == SubscriptionState.Canceled
            ? throw Refusal.Declined("subscription_canceled", "The subscription this payment was for has ended.")
            : payment;
    }

    public Answer Retry(string id, string? chosen)
    {
        var payment = Failed(id);
        var method = MethodFor(payment, chosen);
        var tried = Attempt(payment, method, till.Verdict(method));
        // A decline is noted in the books, so it must not be thrown: that would undo the note.
        return tried.State == PaymentState.Succeeded
            ? Answer.Ok(tried)
            : Refusal.Declined(tried.FailureCode!, "Your payment was declined. Please try another payment method.").Answer;
    }

    /// <summary>One more try, with everything that hangs on its success.</summary>
    public Payment Attempt(Payment payment, PaymentMethod? method, string? failure)
    {
        var tried = payment with
        {
            State = failure is null ? PaymentState.Succeeded : PaymentState.Failed,
            FailureCode = failure,
            Attempts = payment.Attempts + 1,
            NextAttemptAt = failure is null ? null : payment.NextAttemptAt,
            Method = method?.Method ?? payment.Method,
        };
        tried = shop.Books.Put(shop.Payments, tried, failure is null ? "payment.succeeded" : "payment.failed");
        if (failure is not null)
            return tried;
        var order = shop.Orders.Get(payment.Order);
        shop.Books.Put(shop.Orders, order with { State = OrderState.Paid, PaidAt = shop.Now }, "order.paid");
        if (payment.Invoice is { } invoice)
            shop.Books.Put(shop.Invoices, shop.Invoices.Get(invoice) with { State = InvoiceState.Paid }, "invoice.paid");
        if (payment.Subscription is { } id && shop.Subscriptions.Get(id) is { State: SubscriptionState.PastDue } subscription)
            shop.Save(subscription with { State = SubscriptionState.Active }, "subscription.recovered");
        return tried;
    }

    public Refund Refund(string id, Money? wanted)
    {
        var payment = shop.Payments.Get(id);
        if (payment.State != PaymentState.Succeeded)
            throw Refusal.Declined("payment_not_succeeded", "Only a payment that succeeded can be refunded.");
        var left = payment.Amount.Amount - payment.Refunded.Amount;
        var amount = wanted ?? payment.Amount with { Amount = left };
        if (amount.Currency != payment.Amount.Currency)
            throw Refusal.BadRequest("The currency is not the payment's.");
        if (amount.Amount <= 0)
            throw Refusal.BadRequest("The amount is not positive.");
        if (amount.Amount > left)
            throw Refusal.Declined("refund_exceeds_payment", "That is more than is left of this payment.");
        var refund = shop.Books.Put(
            shop.Refunds,
            new Refund
            {
                Id = shop.Books.NextId("ref"),
                Customer = payment.Customer,
                Payment = payment.Id,
                Amount = amount,
                State = RefundState.Succeeded,
            },
            "refund.succeeded"
        );
        GiveBack(payment, amount);
        return refund;
    }

    public Dispute Open(string id, string reason)
    {
        var payment = shop.Payments.Get(id);
        if (payment.State != PaymentState.Succeeded)
            throw Refusal.Declined("payment_not_succeeded", "Only a payment that succeeded can be disputed.");
        return shop.Books.Put(
            shop.Disputes,
            new Dispute
            {
                Id = shop.Books.NextId("dis"),
                Customer = payment.Customer,
                Payment = payment.Id,
                Amount = payment.Amount with { Amount = payment.Amount.Amount - payment.Refunded.Amount },
                State = DisputeState.Open,
                Reason = reason,
            },
            "dispute.opened"
        );
    }

    public Dispute Close(string id, bool won)
    {
        var dispute = shop.Disputes.Get(id);
        return dispute.State == DisputeState.Open
            ? shop.Books.Put(shop.Disputes, dispute with { State = won ? DisputeState.Won : DisputeState.Lost }, won ? "dispute.won" : "dispute.lost")
            : dispute;
    }

    private void GiveBack(Payment payment, Money amount)
    {
        var refunded = payment.Refunded with { Amount = payment.Refunded.Amount + amount.Amount };
        shop.Books.Put(shop.Payments, payment with { Refunded = refunded }, "payment.refunded");
        var order = shop.Orders.Get(payment.Order);
        var state = refunded == payment.Amount ? OrderState.Refunded : OrderState.PartiallyRefunded;
        shop.Books.Put(shop.Orders, order with { State = state }, "order.refunded");
    }
}

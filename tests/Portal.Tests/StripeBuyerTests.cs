using Portal.Tests.Support;

namespace Portal.Tests;

/// <summary>What a buyer sees of Stripe's events.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class StripeBuyerTests(Db db) : StripeFixture(db)
{
    [Test]
    public async Task Events_become_the_right_buyers_orders_payments_subscriptions_and_refunds()
    {
        var (carla, other) = (NewCustomer(), NewCustomer());
        stripe.PaidBy["in_1" + carla] = "pi_1" + carla;
        foreach (var whose in (string[])[carla, other])
        {
            await stripe.DeliverAsync(
                StripeAccount.Event("customer.created", whose),
                StripeAccount.Event("payment_method.attached", whose),
                StripeAccount.Event("customer.subscription.created", whose),
                StripeAccount.Event("checkout.session.completed", whose)
            );
        }

        await stripe.DeliverAsync(
            StripeAccount.Event("invoice.paid", carla),
            StripeAccount.Event("invoice_payment.paid", carla),
            StripeAccount.Event("payment_intent.succeeded", carla),
            StripeAccount.Event("charge.refunded", carla),
            StripeAccount.Event("refund.updated", carla),
            StripeAccount.Event("charge.dispute.created", carla),
            StripeAccount.Event(
                "customer.created",
                carla,
                (e, o) => (e["id"], e["type"], e["created"], o["name"]) = ("evt_u" + carla, "customer.updated", 1785210100, "Carla Renamed")
            ),
            StripeAccount.Event("payment_method.detached", carla)
        );
        await stripe.SettledAsync();

        (await portal.CountAsync("connections_inbox", $"\"DeliveryId\" like '%{carla}' and \"State\" = 'Done'")).Should().Be(12);
        using var browser = await portal.SignedInAsync(carla + "@example.com");
        (await browser.GetAsync("/")).Title.Should().Contain("Carla Renamed");
        var orders = await browser.GetAsync("/orders");
        orders.Page.QuerySelectorAll("main .row").Should().HaveCount(2);
        orders.Words.Should().Contain("1 × Basic").And.Contain("€17.85").And.Contain("Partly refunded").And.Contain("€23.80").And.Contain("Paid");
        var payments = await browser.GetAsync("/payments");
        payments.Page.QuerySelectorAll("tbody tr").Should().HaveCount(2);
        payments.Words.Should().Contain("Disputed");
        var subscriptions = await browser.GetAsync("/subscriptions");
        subscriptions.Words.Should().Contain("Basic plan");
        subscriptions.Page.QuerySelectorAll("main a.row-title").Should().ContainSingle();
        using var others = await portal.SignedInAsync(other + "@example.com");
        (await others.GetAsync("/orders")).Page.QuerySelectorAll("main .row").Should().ContainSingle();
        (await others.GetAsync("/payments")).Words.Should().NotContain("€17.85");
    }

    [Test]
    public async Task A_failed_charge_is_told_with_its_way_out()
    {
        var whose = NewCustomer();
        await stripe.DeliverAsync(StripeAccount.Event("customer.created", whose), StripeAccount.Event("invoice.payment_failed", whose));
        await stripe.SettledAsync();

        using var browser = await portal.SignedInAsync(whose + "@example.com");
        var payments = await browser.GetAsync("/payments");
        payments.Words.Should().Contain("Failed");
        (await portal.MailsAsync(whose + "@example.com", "payment-failed")).Should().ContainSingle();
    }
}

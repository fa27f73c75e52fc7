using Microsoft.EntityFrameworkCore;
using Portal.Connections.Data;
using Portal.Orders.Data;
using Portal.Processors;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Stripe's charges, refunds and disputes, in whatever order and however often they are told.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class StripeChargeTests(Db db) : StripeFixture(db)
{
    [SecurityCase("W5", "at once, later, and with another body: one row, one effect, the conflict noted")]
    [Test]
    public async Task The_same_event_twenty_times_at_once_is_one_row_and_one_effect()
    {
        var whose = NewCustomer();
        var body = StripeAccount.Event("checkout.session.completed", whose);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stripe.SendAsync(body)));
        await stripe.SettledAsync();
        answers = [.. answers, await stripe.SendAsync(body)];
        var altered = StripeAccount.Event("checkout.session.completed", whose, (_, o) => o["amount_total"] = 1);
        answers = [.. answers, await stripe.SendAsync(altered)];
        await stripe.SettledAsync();

        answers.Select(a => a.Code).Should().AllBeEquivalentTo(200);
        var stored = await portal.AskAsync(data => data.Set<InboxDelivery>().AsNoTracking().SingleAsync(d => d.DeliveryId == "evt_11" + whose));
        stored.Body.Should().Equal(body);
        stored.Conflicts.Should().Be(1, "the first one counts, and another body under its id is noticed");
        (await portal.CountAsync("orders_order", $"\"ProcessorId\" = 'cs_test_1{whose}'")).Should().Be(1);
        (await portal.CountAsync("orders_payment", $"\"ProcessorId\" = 'pi_2{whose}'")).Should().Be(1);
        (await portal.MailsAsync(whose + "@example.com")).Should().ContainSingle();
    }

    [SecurityCase("W6", "all 24 orders of a charge, its refund and its dispute")]
    [TestCase(true)]
    [TestCase(false)]
    public async Task In_whatever_order_a_charge_is_told_it_ends_in_the_same_state(bool apiAnswers)
    {
        List<string> told = [];
        foreach (var order in Permutations(["invoice.paid", "invoice_payment.paid", "charge.refunded", "charge.dispute.created"]))
        {
            var whose = NewCustomer();
            told.Add(whose);
            if (apiAnswers)
            {
                stripe.PaidBy["in_1" + whose] = "pi_1" + whose;
            }

            await stripe.DeliverAsync([.. order.Select(name => StripeAccount.Event(name, whose))]);
            await stripe.SettledAsync("\"WaitsFor\" is not null");
        }

        await stripe.SettledAsync();
        told.Should().HaveCount(24);
        foreach (var whose in told)
        {
            var order = await portal.AskAsync(data => data.AllOwners<Order>().AsNoTracking().SingleAsync(o => o.ProcessorId == "in_1" + whose));
            var payments = await portal.AskAsync(data =>
                data.AllOwners<Payment>().AsNoTracking().Where(p => p.ProcessorId == "pi_1" + whose || p.ProcessorId == "in_1" + whose).ToListAsync()
            );
            var payment = payments.Should().ContainSingle("{0}", whose).Subject;
            payment.ProcessorId.Should().Be("pi_1" + whose);
            payment.OrderId.Should().Be(order.Id);
            (payment.Standing, payment.Refunded, payment.CustomerId).Should().Be((PaymentStanding.Disputed, 500L, order.CustomerId));
            order.State.Should().Be(OrderState.PartiallyRefunded);
            order.CustomerId.Should().NotBeNull();
        }
    }

    [SecurityCase("W6", "a refund waits for its payment")]
    [Test]
    public async Task A_refund_before_its_payment_waits_for_it()
    {
        var whose = NewCustomer();
        await stripe.DeliverAsync(StripeAccount.Event("refund.updated", whose));
        await Poller.UntilAsync(
            async () =>
                await portal.CountAsync("connections_inbox", $"\"DeliveryId\" = 'evt_8{whose}' and \"WaitsFor\" = 'Payment:pi_1{whose}'") == 1,
            "the refund to wait"
        );

        await stripe.DeliverAsync(StripeAccount.Event("customer.created", whose), StripeAccount.Event("payment_intent.succeeded", whose));
        await stripe.SettledAsync();

        (await portal.CountAsync("connections_inbox", $"\"DeliveryId\" = 'evt_8{whose}' and \"State\" = 'Done'")).Should().Be(1);
        (await portal.CountAsync("orders_payment", $"\"ProcessorId\" = 'pi_1{whose}' and \"Refunded\" = 500")).Should().Be(1);
    }
}

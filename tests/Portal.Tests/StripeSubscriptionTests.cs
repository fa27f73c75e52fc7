using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Processors;
using Portal.Subscriptions.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Stripe's subscriptions, in whatever order they are told.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class StripeSubscriptionTests(Db db) : StripeFixture(db)
{
    [SecurityCase("W6", "all orders of a subscription, and nothing revives it")]
    [Test]
    public async Task In_whatever_order_a_subscription_is_told_it_stays_ended()
    {
        List<string> told = [];
        foreach (var order in Permutations([0, 1, 2]))
        {
            var whose = NewCustomer();
            told.Add(whose);
            byte[][] events =
            [
                StripeAccount.Event("customer.subscription.created", whose),
                Subscription(whose, "updated", 1785210100, o => o["cancel_at_period_end"] = true),
                Subscription(whose, "deleted", 1785210200, o => (o["status"], o["ended_at"]) = ("canceled", 1785210200)),
            ];
            await stripe.DeliverAsync([StripeAccount.Event("customer.created", whose), .. order.Select(i => events[i])]);
        }

        await stripe.SettledAsync();
        foreach (var whose in told)
        {
            var subscription = await portal.AskAsync(data =>
                data.AllOwners<Subscription>().AsNoTracking().SingleAsync(s => s.ProcessorId == "sub_1" + whose)
            );
            (subscription.State, subscription.WillCancel, subscription.EndedAt)
                .Should()
                .Be((SubscriptionState.Canceled, false, DateTimeOffset.FromUnixTimeSeconds(1785210200)));
            (subscription.Name, subscription.Price).Should().Be(("Basic plan", new Money(1500, "EUR")));
        }

        // However late a message comes, and whatever time it claims.
        await stripe.DeliverAsync(Subscription(told[0], "updated", 1785219999, _ => { }));
        await stripe.SettledAsync();
        (await portal.CountAsync("subscriptions_subscription", $"\"ProcessorId\" = 'sub_1{told[0]}' and \"State\" = 'Canceled'")).Should().Be(1);
    }

    private static byte[] Subscription(string whose, string what, long created, Action<JsonNode> change) =>
        StripeAccount.Event(
            "customer.subscription.created",
            whose,
            (e, o) =>
            {
                (e["id"], e["type"], e["created"]) = ($"evt_{what}{created}{whose}", "customer.subscription." + what, created);
                change(o);
            }
        );
}

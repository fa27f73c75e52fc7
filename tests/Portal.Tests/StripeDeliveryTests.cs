using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>What is let in at Stripe's webhook address, and what becomes of what nobody can read.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class StripeDeliveryTests(Db db) : StripeFixture(db)
{
    [SecurityCase("W8", "a type nobody knows is stored, without effect")]
    [Test]
    public async Task A_type_without_effect_is_stored_and_done()
    {
        var whose = NewCustomer();
        await stripe.DeliverAsync(
            StripeAccount.Event("plan.created", whose),
            StripeAccount.Event("plan.created", whose, (e, _) => (e["id"], e["type"]) = ("evt_new" + whose, "never.heard.of"))
        );
        await stripe.SettledAsync();

        (await portal.CountAsync("connections_inbox", $"\"DeliveryId\" like '%{whose}' and \"State\" = 'Done'")).Should().Be(2);
    }

    [SecurityCase("W8", "signed and unreadable: stored byte for byte, answered 200, parked")]
    [TestCase("not json")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("")]
    [TestCase("""{"id":"evt_twice","id":"evt_twice","type":"invoice.paid","object":"event"}""")]
    [TestCase(
        """{"id":"evt_unreadable","object":"event","type":"invoice.paid","created":1785210004,"livemode":true,"data":{"object":{"id":"in_x"}}}"""
    )]
    [TestCase("""{"id":"evt_huge","object":"event","type":"customer.created","created":1e400,"livemode":true,"data":{"object":{"id":"cus_x"}}}""")]
    public async Task What_is_signed_but_cannot_be_read_is_stored_and_parked(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var before = await portal.CountAsync("connections_inbox");

        (await stripe.SendAsync(body)).Code.Should().Be(200);
        await stripe.SettledAsync();

        (await portal.CountAsync("connections_inbox")).Should().Be(before + 1);
        var stored = await portal.AskAsync(data => data.Set<InboxDelivery>().AsNoTracking().OrderByDescending(d => d.Id).FirstAsync());
        stored.Body.Should().Equal(body);
        (stored.State, stored.Reason)
            .Should()
            .Match<(Portal.Kernel.Work.WorkState State, string? Reason)>(s => s.State == Kernel.Work.WorkState.Parked && s.Reason != null);
    }

    [SecurityCase("W1", "Stripe: refused alike, with one body, nothing stored; a rolled secret still works")]
    [Test]
    public async Task Unsigned_and_wrongly_signed_bodies_are_refused_alike_and_not_stored()
    {
        var whose = NewCustomer();
        var body = StripeAccount.Event("customer.created", whose);
        var before = await portal.CountAsync("connections_inbox");
        string[] signatures =
        [
            "",
            "t=1,v1=",
            Signatures.Stripe(body, portal.Now, "whsec_wrong"),
            Signatures.Stripe(body, portal.Now.AddSeconds(-301)),
            Signatures.Stripe(body, portal.Now.AddSeconds(310)),
            Signatures.Stripe([.. body, 32], portal.Now),
            Signatures.Stripe(body, portal.Now, ""),
        ];

        var answers = await Task.WhenAll(signatures.Select(s => stripe.SendAsync(body, s)));

        answers.Select(a => (a.Code, a.Body)).Distinct().Should().Equal((400, "unverified"));
        (await portal.CountAsync("connections_inbox")).Should().Be(before);
        (await stripe.SendAsync(body, Signatures.Stripe(body, portal.Now, "whsec_former")))
            .Code.Should()
            .Be(200, "a rolled secret works for a while");
        await stripe.SettledAsync();
    }

    [SecurityCase("W3", "a blank secret closes the address")]
    [SecurityCase("W4", "another plugin's address, an unknown connection, one that is off")]
    [Test]
    public async Task There_is_no_way_in_but_a_connections_own()
    {
        var body = StripeAccount.Event("customer.created", NewCustomer());
        var id = stripe.Connection.PublicId;
        using var sender = portal.Open();
        async Task<int> PostAsync(string path)
        {
            using var content = new ByteArrayContent(body);
            return (await sender.SendAsync(HttpMethod.Post, path, content, ("Stripe-Signature", Signatures.Stripe(body, portal.Now)))).Code;
        }

        (await PostAsync($"/webhooks/nobody/{id}")).Should().Be(404);
        (await PostAsync($"/webhooks/sandbox/{id}")).Should().Be(404);
        (await PostAsync("/webhooks/stripe/con_0123456789abcdefghijkl")).Should().Be(404);
        (await PostAsync($"/webhooks/stripe/{id}/more")).Should().Be(404);
        await using var off = await StripeAccount.StartAsync(portal, "Off");
        await portal.AskAsync(data =>
            data.Set<ConnectedAccount>()
                .Where(a => a.Id == off.Connection.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Mode, ConnectionMode.Off))
        );
        (await off.SendAsync(body)).Code.Should().Be(404);
        await using var blank = await StripeAccount.StartAsync(portal, "Blank secret");
        var secrets = portal.Services.GetRequiredService<Connections.CallProcessor.ConnectionSecrets>();
        foreach (var secret in (string[])["", "whsec_", "   "])
        {
            var settings = secrets.Seal(new Dictionary<string, string> { ["apiKey"] = "rk_live_x", ["webhookSecret"] = secret });
            await portal.AskAsync(data =>
                data.Set<ConnectedAccount>()
                    .Where(a => a.Id == blank.Connection.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.ProtectedSettings, settings).SetProperty(a => a.Version, Guid.NewGuid()))
            );
            (await blank.SendAsync(body, Signatures.Stripe(body, portal.Now, secret))).Code.Should().Be(404);
        }
    }

    [SecurityCase("W7", "one megabyte is the limit, told or chunked")]
    [TestCase("application/json")]
    [TestCase("application/x-www-form-urlencoded")]
    public async Task A_body_above_a_megabyte_is_too_large_whether_its_length_is_told_or_not(string mediaType)
    {
        var before = await portal.CountAsync("connections_inbox");
        foreach (var size in (int[])[1024 * 1024 + 1, 3 * 1024 * 1024])
        {
            var body = new byte[size];
            Array.Fill(body, (byte)'a');
            foreach (var chunked in (bool[])[false, true])
            {
                using var sender = portal.Open();
                using HttpContent content = chunked ? new StreamContent(new Unending(body)) : new ByteArrayContent(body);
                content.Headers.ContentType = new(mediaType);
                var answer = await sender.SendAsync(
                    HttpMethod.Post,
                    stripe.Webhook,
                    content,
                    ("Stripe-Signature", Signatures.Stripe(body, portal.Now))
                );
                answer.Code.Should().Be(413, "{0} bytes, chunked {1}", size, chunked);
            }
        }

        (await portal.CountAsync("connections_inbox")).Should().Be(before);
        var largest = Encoding.UTF8.GetBytes(new string(' ', 1024 * 1024));
        (await stripe.SendAsync(largest)).Code.Should().Be(200);
        await stripe.SettledAsync();
    }

    [SecurityCase("W7", "an encoded body is refused unread")]
    [Test]
    public async Task An_encoded_body_is_refused_before_it_could_swell()
    {
        var body = StripeAccount.Event("customer.created", NewCustomer());

        (await stripe.SendAsync(body, null, ("Content-Encoding", "gzip"))).Code.Should().Be(415);
    }

    [SecurityCase("W4", "a test event at a live connection is parked")]
    [Test]
    public async Task A_test_event_at_a_live_connection_is_parked()
    {
        var whose = NewCustomer();

        await stripe.DeliverAsync(StripeAccount.Event("customer.created", whose, (e, _) => e["livemode"] = false));

        var stored = await portal.AskAsync(data => data.Set<InboxDelivery>().AsNoTracking().SingleAsync(d => d.DeliveryId == "evt_1" + whose));
        (stored.State, stored.Reason).Should().Be((Kernel.Work.WorkState.Parked, "A test delivery came to a live connection."));
        (await portal.CustomerAsync(whose + "@example.com")).Should().BeNull();
    }

    /// <summary>A stream that does not tell its length.</summary>
    private sealed class Unending(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

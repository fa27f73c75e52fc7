using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Tests.Support;
using Portal.TestSupport;
using ConnectionInfo = Portal.Connections.Contract.ConnectionInfo;

namespace Portal.Tests;

/// <summary>What is let in at a webhook address: bytes on the wire against Standard Webhooks, which the Sandbox signs with.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class WebhookSignatureTests(Db db)
{
    private const string Former = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    private static int deliveries;
    private PortalUnderTest portal = null!;
    private ConnectionInfo connection = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock(DateTimeOffset.FromUnixTimeSeconds(1614265330)) });
        connection = await ConnectAsync(portal, $"{Former}, {Signatures.Secret}");
    }

    [OneTimeTearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [TestCase(
        Signatures.Secret,
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        """{"test": 2432232314}""",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )]
    [TestCase(
        Former,
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        1649367553,
        """{"email":"test@example.com","username":"test_user"}""",
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
    )]
    [SecurityCase("W1", "the published vectors, sent to the running portal")]
    public async Task A_published_vector_is_stored_byte_for_byte(string secret, string id, long at, string body, string signature)
    {
        await using var then = await PortalUnderTest.StartAsync(
            db,
            new PortalSetup { Clock = new FakeClock(DateTimeOffset.FromUnixTimeSeconds(at)) }
        );
        var account = await ConnectAsync(then, secret);

        var answer = await SendAsync(then, account, body, Headers(id, Number(at), signature));

        answer.Code.Should().Be(200);
        (await then.CountAsync("connections_inbox", $"\"DeliveryId\" = '{id}'")).Should().Be(1);
        (await then.DumpAsync())["connections_inbox"].Should().Contain(Convert.ToHexString(Encoding.UTF8.GetBytes(body)));
    }

    [Test]
    [SecurityCase("W1", "accepted: valid alone or among others, and the former secret while it is rolled; the text exactly as signed, however odd")]
    public async Task What_is_signed_is_let_in_as_it_was_signed()
    {
        foreach (var secret in (string[])[Signatures.Secret, Former])
        {
            var (id, body) = Next();
            (await SendAsync(body, Signed(id, body, secret))).Code.Should().Be(200);
        }

        foreach (
            var among in (Func<string, string>[])
                [
                    s => $"v1,AAAA v2,BBBB {s} v1a,CCCC",
                    s => $"nocomma {s}",
                    s => $"{s}  ",
                    s => $"v1, {s} v1",
                    s => $"{Mac("another", "1614265330", "body", Signatures.Secret)} {s}",
                ]
        )
        {
            var (id, body) = Next();
            var headers = Headers(id, Now, among(Mac(id, Now, body, Signatures.Secret)));
            (await SendAsync(body, headers)).Code.Should().Be(200, headers[2]);
        }

        foreach (
            var odd in (string[])
                [
                    "{ \"data\" :\r\n\t{ } }\r\n",
                    "{\"name\":\"\\u00e9\"}",
                    "{\"name\":\"é\"}",
                    "\uFEFF{\"name\":\"bom\"}",
                    " \n",
                    "{\"a\":\"\u202E\u200B😀\"}",
                ]
        )
        {
            var (id, _) = Next();
            (await SendAsync(odd, Signed(id, odd, Signatures.Secret))).Code.Should().Be(200, odd);
        }
    }

    [Test]
    [SecurityCase("W1", "everything else: one status, one body, nothing stored")]
    public async Task What_is_not_signed_for_this_connection_is_refused_alike()
    {
        var before = await portal.CountAsync("connections_inbox");
        var (id, body) = Next();
        var good = Mac(id, Now, body, Signatures.Secret);
        var rolled = await ConnectAsync(portal, Signatures.Secret, "Rolled");
        List<RawAnswer> refused =
        [
            await SendAsync(body, Headers(id, Now, Mac(id, Now, body, "whsec_" + Convert.ToBase64String(new byte[24])))),
            await SendAsync(portal, rolled, body, Signed(id, body, Former)),
            await SendAsync(body, Headers(id, Now, good.Replace("v1,", "v2,", StringComparison.Ordinal))),
            await SendAsync(body, Headers(id, Now, good[..8])),
            await SendAsync(body, Headers(id, Now, "v1,")),
            await SendAsync(body, Headers(id, Now, good["v1,".Length..])),
            await SendAsync(body, Headers(id, Now, good.ToUpperInvariant())),
            await SendAsync(body, Headers(id + "x", Now, good)),
            await SendAsync(body, Headers(id, Number(portal.Now.ToUnixTimeSeconds() - 1), good)),
            await SendAsync(body.Replace("type", "typf", StringComparison.Ordinal), Headers(id, Now, good)),
            await SendAsync(body + " ", Headers(id, Now, good)),
            await SendAsync("\uFEFF" + body, Headers(id, Now, good)),
            await SendAsync(body.Replace(":", " :", StringComparison.Ordinal), Headers(id, Now, good)),
            await SendAsync("{\"name\":\"é\"}", Signed(id, "{\"name\":\"\\u00e9\"}", Signatures.Secret)),
            await SendAsync("a\nb", Signed(id, "a\r\nb", Signatures.Secret)),
            await SendAsync("", Headers(id, Now, good)),
        ];
        var headers = Headers(id, Now, good);
        foreach (var header in headers)
        {
            var name = header[..(header.IndexOf(':', StringComparison.Ordinal) + 1)];
            refused.Add(await SendAsync(body, [.. headers.Where(h => h != header)]));
            refused.Add(await SendAsync(body, [.. headers.Where(h => h != header), name]));
            refused.Add(await SendAsync(body, [.. headers, header]));
            refused.Add(await SendAsync(body, [.. headers, name + " other"]));
        }

        refused.Select(a => a.Undated).Distinct().Should().ContainSingle().Which.Should().StartWith("HTTP/1.1 400").And.EndWith("unverified");
        (await portal.CountAsync("connections_inbox")).Should().Be(before);
        (await SendAsync(body, headers)).Code.Should().Be(200, "the one they were made from is good");
    }

    [Test]
    [SecurityCase("W2", "five minutes either way and one spelling per number, on the wire")]
    public async Task A_timestamp_is_near_and_has_one_spelling()
    {
        var now = portal.Now.ToUnixTimeSeconds();
        foreach (var off in (long[])[-300, -299, 0, 299, 300])
        {
            var (id, body) = Next();
            (await SendAsync(body, Signed(id, body, Signatures.Secret, Number(now + off)))).Code.Should().Be(200, "{0} s", off);
        }

        var before = await portal.CountAsync("connections_inbox");
        string[] stamps =
        [
            Number(now - 301),
            Number(now + 301),
            Number(-now),
            "0",
            "hello",
            "1e9",
            "+" + Now,
            "0" + Now,
            Now + ".0",
            Now + " 0",
            "0x6037c0f2",
            "9999999999999999",
            "99999999999999999999999999",
            "１６１４２６５３３０",
        ];
        foreach (var stamp in stamps)
        {
            var (id, body) = Next();
            var answer = await SendAsync(body, Signed(id, body, Signatures.Secret, stamp));
            (answer.Code, answer.Body).Should().Be((400, "unverified"), stamp);
        }

        (await portal.CountAsync("connections_inbox")).Should().Be(before);
    }

    private static Task<ConnectionInfo> ConnectAsync(PortalUnderTest portal, string secret, string name = "Sandbox") =>
        portal.ConnectAsync(
            "sandbox",
            name,
            new Dictionary<string, string>
            {
                ["apiKey"] = "key",
                ["webhookSecret"] = secret,
                ["apiBase"] = "http://127.0.0.1:1",
            }
        );

    private static (string Id, string Body) Next()
    {
        var number = Interlocked.Increment(ref deliveries);
        return ($"msg_{number}", $$"""{"type":"nothing.{{number}}","data": {"object": {"object":"nothing"} } }""");
    }

    private string Now => Number(portal.Now.ToUnixTimeSeconds());

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Mac(string id, string at, string body, string secret) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{at}.{body}"))
        );

    private static string[] Headers(string id, string at, string signature) =>
        ["webhook-id: " + id, "webhook-timestamp: " + at, "webhook-signature: " + signature];

    private string[] Signed(string id, string body, string secret, string? at = null) => Headers(id, at ?? Now, Mac(id, at ?? Now, body, secret));

    private Task<RawAnswer> SendAsync(string body, string[] headers) => SendAsync(portal, connection, body, headers);

    private static Task<RawAnswer> SendAsync(PortalUnderTest portal, ConnectionInfo connection, string body, string[] headers) =>
        Wire.SendAsync(
            portal.Address,
            Wire.Request(
                portal.HostName,
                "POST",
                $"/webhooks/sandbox/{connection.PublicId}",
                Encoding.UTF8.GetBytes(body),
                ["Content-Type: application/json", .. headers]
            )
        );
}

using System.Security.Cryptography;
using System.Text;
using Portal.Plugin.Sandbox;
using Portal.Processors;
using Portal.TestSupport;

namespace Portal.SimulatorTests;

public sealed class SignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Body = """{"test": 2432232314}""";
    private const string Good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const long Time = 1614265330;
    private const string Stamp = "1614265330";

    [SecurityCase("W1", "the two published vectors")]
    [Test]
    public async Task The_published_vectors_verify()
    {
        (await VerifyAsync()).Should().BeOfType<Delivery.Verified>().Which.DeliveryId.Should().Be(Id);
        var second = await VerifyAsync(
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            1649367553,
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            "1649367553",
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            """{"email":"test@example.com","username":"test_user"}"""
        );
        second.Should().BeOfType<Delivery.Verified>();
    }

    [SecurityCase("W1", "a valid one among others")]
    [TestCase("v1,AAAA " + Good)]
    [TestCase("nocomma " + Good)]
    [TestCase("v1,a v2,b " + Good + " v1,d")]
    [TestCase("v1a,xyz  " + Good)]
    public async Task A_valid_signature_among_others_verifies(string signatures) =>
        (await VerifyAsync(signature: signatures)).Should().BeOfType<Delivery.Verified>();

    [SecurityCase("W1", "other versions, cut, changed and prefixed ones do not")]
    [TestCase("")]
    [TestCase("v1,")]
    [TestCase("v1,g0hM9SsE")]
    [TestCase("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=")]
    [TestCase("v1,v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase("v1\u002cg0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\u0000")]
    public async Task No_other_signature_does(string signatures) => (await VerifyAsync(signature: signatures)).Should().BeOfType<Delivery.Rejected>();

    [SecurityCase("W3", "no secret, a blank one, a bare prefix, no base64")]
    [TestCase(null)]
    [TestCase("")]
    [TestCase("   ")]
    [TestCase("whsec_")]
    [TestCase(",")]
    [TestCase("whsec_not base64!")]
    [TestCase("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")]
    public async Task Without_the_right_secret_nothing_does(string? secret) => (await VerifyAsync(secret)).Should().BeOfType<Delivery.Rejected>();

    [SecurityCase("W3", "an empty key signs nothing")]
    [TestCase("whsec_")]
    [TestCase("")]
    public async Task An_empty_key_signs_nothing(string secret)
    {
        var signature = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Array.Empty<byte>(), Encoding.UTF8.GetBytes($"{Id}.{Stamp}.{Body}")));
        (await VerifyAsync(secret, signature: signature)).Should().BeOfType<Delivery.Rejected>();
    }

    [SecurityCase("W1", "old and new secret while one replaces the other")]
    [Test]
    public async Task Two_secrets_verify_while_one_replaces_the_other()
    {
        (await VerifyAsync("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD," + Secret)).Should().BeOfType<Delivery.Verified>();
        (await VerifyAsync(Secret + ", whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")).Should().BeOfType<Delivery.Verified>();
    }

    [SecurityCase("W2", "300 seconds either way, not 301")]
    [TestCase(-301, false)]
    [TestCase(-300, true)]
    [TestCase(-299, true)]
    [TestCase(299, true)]
    [TestCase(300, true)]
    [TestCase(301, false)]
    public async Task Five_minutes_off_are_borne_either_way(int seconds, bool borne) =>
        ((await VerifyAsync(now: Time + seconds)) is Delivery.Verified).Should().Be(borne);

    [SecurityCase("W2", "one spelling per number, even when signed")]
    [TestCase("hello")]
    [TestCase("1e9")]
    [TestCase(" 1614265330")]
    [TestCase("1614265330 ")]
    [TestCase("+1614265330")]
    [TestCase("01614265330")]
    [TestCase("-1614265330")]
    [TestCase("1614265330.0")]
    [TestCase("9999999999999999")]
    [TestCase("99999999999999999999999999")]
    [TestCase("１６１４２６５３３０")]
    [TestCase("")]
    public async Task Odd_timestamps_are_refused_even_when_signed(string stamp)
    {
        var key = Convert.FromBase64String(Secret[6..]);
        var signature = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{stamp}.{Body}")));
        (await VerifyAsync(stamp: stamp, signature: signature)).Should().BeOfType<Delivery.Rejected>();
    }

    [SecurityCase("W1", "each header exactly once")]
    [TestCase("webhook-id")]
    [TestCase("webhook-timestamp")]
    [TestCase("webhook-signature")]
    public async Task Each_header_is_there_exactly_once(string header)
    {
        (await VerifyAsync(change: headers => headers.Remove(header))).Should().BeOfType<Delivery.Rejected>();
        (await VerifyAsync(change: headers => headers[header] = [""])).Should().BeOfType<Delivery.Rejected>();
        (await VerifyAsync(change: headers => headers[header] = [headers[header][0], headers[header][0]])).Should().BeOfType<Delivery.Rejected>();
    }

    [SecurityCase("W1", "every bit of the body counts")]
    [Test]
    public async Task Every_flipped_bit_is_noticed()
    {
        for (var bit = 0; bit < Body.Length * 8; bit++)
            (await VerifyAsync(body: Flip(Body, bit))).Should().BeOfType<Delivery.Rejected>($"bit {bit} of the body");
        for (var bit = 0; bit < Id.Length * 8; bit++)
            (await VerifyAsync(id: Flip(Id, bit))).Should().BeOfType<Delivery.Rejected>($"bit {bit} of the id");
        for (var bit = 0; bit < Good.Length * 8; bit++)
            (await VerifyAsync(signature: Flip(Good, bit))).Should().BeOfType<Delivery.Rejected>($"bit {bit} of the signature");
        for (var bit = 0; bit < Stamp.Length * 8; bit++)
            (await VerifyAsync(stamp: Flip(Stamp, bit))).Should().BeOfType<Delivery.Rejected>($"bit {bit} of the time");
    }

    [SecurityCase("W8", "signed nonsense is verified and cannot be read")]
    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("not json")]
    [TestCase("{\"type\":7}")]
    [TestCase("{\"type\":\"\\ud800\"}")]
    [TestCase("{\"data\":{\"object\":{\"object\":\"order\"}}}")]
    [TestCase("{\"data\":{\"object\":{\"object\":\"order\",\"id\":\"1\",\"updated_at\":\"yesterday\"}}}")]
    [TestCase(
        "{\"data\":{\"object\":{\"object\":\"order\",\"id\":\"1\",\"updated_at\":\"2026-01-01T00:00:00Z\",\"total\":{\"amount\":1e400,\"currency\":\"EUR\"}}}}"
    )]
    public async Task What_is_signed_but_unreadable_is_verified_and_cannot_be_read(string body)
    {
        var (processor, request) = Signed(Encoding.UTF8.GetBytes(body));
        (await processor.VerifyAsync(request, CancellationToken.None)).Should().BeOfType<Delivery.Verified>();
        var read = () => processor.ReadAsync(request, CancellationToken.None);
        await read.Should().ThrowAsync<FormatException>();
    }

    [Test]
    public async Task Hostile_bytes_do_not_break_verification()
    {
        foreach (var body in new[] { Encoding.UTF8.GetBytes(new string('[', 10_000)), [0xff, 0xfe, 0x7b], [0xef, 0xbb, 0xbf, .. "{}"u8] })
        {
            var (processor, request) = Signed(body);
            (await processor.VerifyAsync(request, CancellationToken.None)).Should().BeOfType<Delivery.Verified>();
        }
    }

    [Test]
    public async Task An_event_without_effect_is_empty()
    {
        var (processor, request) = Signed("""{"type":"product.updated","livemode":true,"data":{"object":{"object":"product"}}}"""u8.ToArray());
        var verified = (Delivery.Verified)await processor.VerifyAsync(request, CancellationToken.None);
        verified.EventType.Should().Be("product.updated");
        verified.TestMode.Should().BeFalse();
        (await processor.ReadAsync(request, CancellationToken.None)).Should().BeEmpty();
    }

    private static (IReceiveWebhooks Processor, WebhookRequest Request) Signed(byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Stamp}."), .. body];
        var signature = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret[6..]), signed));
        return (Processor(Secret, Time), Request(Id, Stamp, signature, body));
    }

    private static Task<Delivery> VerifyAsync(
        string? secret = Secret,
        long now = Time,
        string id = Id,
        string stamp = Stamp,
        string signature = Good,
        string body = Body,
        Action<Dictionary<string, IReadOnlyList<string>>>? change = null
    )
    {
        var request = Request(id, stamp, signature, Encoding.Latin1.GetBytes(body));
        change?.Invoke((Dictionary<string, IReadOnlyList<string>>)request.Headers);
        return Processor(secret, now).VerifyAsync(request, CancellationToken.None);
    }

    private static WebhookRequest Request(string id, string stamp, string signature, byte[] body) =>
        new()
        {
            Body = body,
            Headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
            {
                ["webhook-id"] = [id],
                ["webhook-timestamp"] = [stamp],
                ["webhook-signature"] = [signature],
            },
        };

    private static IReceiveWebhooks Processor(string? secret, long now) =>
        (IReceiveWebhooks)
            new SandboxPlugin().Connect(
                new Connection
                {
                    Settings = secret is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["webhookSecret"] = secret },
                    TestMode = true,
                    Http = new HttpClient(),
                    Clock = new StandingClock(DateTimeOffset.FromUnixTimeSeconds(now)),
                }
            );

    private static string Flip(string text, int bit)
    {
        var changed = text.ToCharArray();
        changed[bit / 8] ^= (char)(1 << (bit % 8));
        return new string(changed);
    }
}

using System.Text;
using System.Text.Json;
using Portal.Plugin.PayFast;

namespace Portal.PluginTests.PayFast;

/// <summary>The three signature rules and PHP's encoding, by vectors that were computed elsewhere.</summary>
public sealed class PayFastSignatureTests
{
    [TestCase(" ", "+")]
    [TestCase("~", "%7E")]
    [TestCase("*", "%2A")]
    [TestCase("!", "%21")]
    [TestCase("'", "%27")]
    [TestCase("(", "%28")]
    [TestCase(")", "%29")]
    [TestCase("é", "%C3%A9")]
    [TestCase("–", "%E2%80%93")]
    [TestCase("+", "%2B")]
    [TestCase("@", "%40")]
    [TestCase("/", "%2F")]
    [TestCase("%", "%25")]
    [TestCase("aZ09-_.", "aZ09-_.")]
    [TestCase("", "")]
    public void Encodes_as_php_does(string text, string encoded) => PayFastSignature.Encode(text).Should().Be(encoded);

    [Test]
    public void Encodes_bytes_that_are_no_text_as_they_are() => PayFastSignature.Encode([0xE9, 0x00, 0xFF]).Should().Be("%E9%00%FF");

    [Test]
    public void Api_call_is_signed_in_alphabetical_order_with_the_passphrase_among_the_rest()
    {
        KeyValuePair<string, string>[] parameters =
        [
            new("version", "v1"),
            new("merchant-id", "10000100"),
            new("timestamp", "2026-02-03T10:11:12+02:00"),
            new("run_date", "2026-03-01"),
            new("amount", "1999"),
            new("frequency", "3"),
            new("cycles", "12"),
        ];

        // md5sum of: amount=1999&cycles=12&frequency=3&merchant-id=10000100&passphrase=Demo+Pass-phrase_1
        //            &run_date=2026-03-01&timestamp=2026-02-03T10%3A11%3A12%2B02%3A00&version=v1
        PayFastSignature.OfApiCall(parameters, "Demo Pass-phrase_1").Should().Be("17b17f7740c091b12a0c5f934ae1af9b");
    }

    [Test]
    public void Checkout_keeps_its_order_trims_and_leaves_out_what_is_empty()
    {
        KeyValuePair<string, string>[] form =
        [
            new("merchant_id", "10000100"),
            new("merchant_key", "46f0cd694581a"),
            new("return_url", ""),
            new("name_first", " Zoë "),
            new("amount", "100.00"),
            new("item_name", "Test (1)"),
        ];

        // md5sum of: merchant_id=10000100&merchant_key=46f0cd694581a&name_first=Zo%C3%AB&amount=100.00&item_name=Test+%281%29
        PayFastSignature.OfCheckout(form, null).Should().Be("872c9d452c21222ffb864b1893960af4");

        // … and of the same with &passphrase=jt7NOE43FZPn
        PayFastSignature.OfCheckout(form, "jt7NOE43FZPn").Should().Be("d135c8b6a1816b62690c0c24a1c9dae4");
    }

    [Test]
    public void Notification_keeps_its_order_and_its_empty_values()
    {
        KeyValuePair<string, byte[]>[] fields = [new("b", "2 ~"u8.ToArray()), new("empty", []), new("a", [0xE9])];

        // md5sum of: b=2+%7E&empty=&a=%E9&passphrase=x%21
        PayFastSignature.OfNotification(fields, "x!").Should().Be("ae9fe75385461355fbbd06d0ac56d578");
    }

    [Test]
    public void Shared_api_vectors_hold()
    {
        using var samples = JsonDocument.Parse(PayFastSamples.Read("15-api-request-signature.json"));
        var passphrase = samples.RootElement.GetProperty("passphrase").GetString()!;
        foreach (var sample in samples.RootElement.GetProperty("cases").EnumerateArray())
        {
            var parameters = new[] { "headers", "body" }
                .Where(part => sample.TryGetProperty(part, out _))
                .SelectMany(part => sample.GetProperty(part).EnumerateObject())
                .Select(field => KeyValuePair.Create(field.Name, field.Value.ToString()));

            PayFastSignature.OfApiCall(parameters, passphrase).Should().Be(sample.GetProperty("signature").GetString());
        }
    }

    [TestCase("01-itn-complete-sdk.form", "jt7NOE43FZPn", true)]
    [TestCase("02-itn-complete-nopassphrase-omnipay.form", null, true)]
    [TestCase("03-itn-subscription-first-charge.form", "Demo Pass-phrase_1", true)]
    [TestCase("04-itn-subscription-renewal-token-second.form", "Demo Pass-phrase_1", true)]
    [TestCase("05-itn-cancelled.form", "Demo Pass-phrase_1", true)]
    [TestCase("06-itn-tampered-amount-INVALID.form", "Demo Pass-phrase_1", false)]
    public void Shared_notification_vectors_hold(string file, string? passphrase, bool valid)
    {
        var body = Encoding.UTF8.GetBytes(PayFastSamples.Read(file));

        PayFastNotification.TryParse(body, out var notification).Should().BeTrue();
        var expected = PayFastSignature.OfNotification(notification!.Signed, passphrase);
        (expected == notification.Signature).Should().Be(valid);
    }
}

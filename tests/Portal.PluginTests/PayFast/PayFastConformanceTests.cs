using System.Text;
using Portal.Plugin.PayFast;
using Portal.Processors;

namespace Portal.PluginTests.PayFast;

/// <summary>What every plugin must do, done by PayFast's. Live, because the sandbox has neither refunds nor card updates.</summary>
public sealed class PayFastConformanceTests : ProcessorConformance
{
    protected override IProcessorPlugin Plugin { get; } = new PayFastPlugin();

    protected override string Folder => "PayFast";

    protected override bool TestMode => false;

    protected override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>
        {
            ["merchantId"] = PayFastWire.MerchantId,
            ["merchantKey"] = "46f0cd694581a",
            ["passphrase"] = "a Passphrase, used nowhere else",
        };

    protected override ConformanceSamples Samples { get; } =
        new()
        {
            SubscriptionId = Itn.Token,
            PaymentId = "2452165",
            Refund = new Money(69000, "ZAR"),
            Finds = [(RecordKind.Subscription, Itn.Token), (RecordKind.Payment, "2452165")],
        };

    protected override IReadOnlyList<byte[]> Deliveries { get; } =
    [.. new[] { Itn.FirstCharge, Itn.OnceOff, Itn.Renewal, Itn.Canceled }.Select(fields => Encoding.UTF8.GetBytes(Itn.Parameters(fields)))];

    protected override WebhookRequest Sign(byte[] body, string secret, DateTimeOffset at)
    {
        var unsigned = Encoding.Latin1.GetString(body);
        var fields = PayFastNotification.TryParse(Encoding.Latin1.GetBytes(unsigned + "&signature="), out var parsed)
            ? parsed.Signed
            : [KeyValuePair.Create(unsigned, Array.Empty<byte>())];
        return Itn.Request($"{unsigned}&signature={PayFastSignature.OfNotification(fields, secret)}");
    }
}

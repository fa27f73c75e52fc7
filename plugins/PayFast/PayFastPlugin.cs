using Portal.Processors;

namespace Portal.Plugin.PayFast;

/// <summary>PayFast, South Africa: rand only, form-encoded notifications signed with MD5, no plans, no customer accounts.</summary>
/// <remarks>Source: developers.payfast.co.za and the official PHP SDK (Payfast/payfast-php-sdk); see docs/processors/payfast.md.</remarks>
public sealed class PayFastPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "payfast";

    /// <inheritdoc />
    public string DisplayName => "PayFast";

    /// <inheritdoc />
    /// <remarks>
    /// The passphrase is required although PayFast lets a merchant go without: all else that enters a notification's signature
    /// is public, so anyone could sign. The merchant key only belongs into checkout forms and is never sent from here.
    /// </remarks>
    public IReadOnlyList<Setting> Settings { get; } =
    [
        new()
        {
            Name = "merchantId",
            Label = "MerchantId",
            Help = "MerchantIdHelp",
        },
        new()
        {
            Name = "merchantKey",
            Label = "MerchantKey",
            Help = "MerchantKeyHelp",
            Secret = true,
            Required = false,
        },
        new()
        {
            Name = "passphrase",
            Label = "Passphrase",
            Help = "PassphraseHelp",
            Secret = true,
            Required = false,
            GuardsWebhooks = true,
        },
    ];

    /// <inheritdoc />
    public Type ProcessorType => typeof(PayFastProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new PayFastProcessor(connection);
}

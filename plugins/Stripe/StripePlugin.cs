using Portal.Processors;

namespace Portal.Plugin.Stripe;

/// <summary>Stripe over its REST API, pinned to one version of it.</summary>
/// <remarks>Sources: docs.stripe.com/api (line "dahlia"), docs.stripe.com/webhooks, docs.stripe.com/currencies.</remarks>
public sealed class StripePlugin : IProcessorPlugin
{
    /// <inheritdoc/>
    public string Id => "stripe";

    /// <inheritdoc/>
    public string DisplayName => "Stripe";

    /// <inheritdoc/>
    public IReadOnlyList<Setting> Settings =>
        [
            new()
            {
                Name = "apiKey",
                Label = "ApiKey",
                Help = "ApiKeyHelp",
                Secret = true,
            },
            new()
            {
                Name = "webhookSecret",
                Label = "WebhookSecret",
                Help = "WebhookSecretHelp",
                Secret = true,
                Required = false,
                GuardsWebhooks = true,
            },
        ];

    /// <inheritdoc/>
    public Type ProcessorType => typeof(StripeProcessor);

    /// <inheritdoc/>
    public bool? TestModeOf(IReadOnlyDictionary<string, string> settings) =>
        settings.GetValueOrDefault("apiKey") switch
        {
            null => null,
            var key when key.Contains("_test_", StringComparison.Ordinal) => true,
            var key when key.Contains("_live_", StringComparison.Ordinal) => false,
            _ => null,
        };

    /// <inheritdoc/>
    public IProcessor Connect(Connection connection) => new StripeProcessor(connection);
}

using Portal.Processors;

namespace Portal.Plugin.Sandbox;

/// <summary>The Sandbox: a processor to try the portal with, which moves no money.</summary>
public sealed class SandboxPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "sandbox";

    /// <inheritdoc />
    public string DisplayName => "Sandbox";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings { get; } =
    [
        new()
        {
            Name = SandboxApi.KeySetting,
            Label = "ApiKeyLabel",
            Help = "ApiKeyHelp",
            Secret = true,
        },
        new()
        {
            Name = SandboxSignature.SecretSetting,
            Label = "WebhookSecretLabel",
            Help = "WebhookSecretHelp",
            Secret = true,
            Required = false,
            GuardsWebhooks = true,
        },
    ];

    /// <inheritdoc />
    public Type ProcessorType => typeof(SandboxProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new SandboxProcessor(connection);
}

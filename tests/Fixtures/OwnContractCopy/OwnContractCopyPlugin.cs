using Portal.Processors;

namespace Portal.Plugin.OwnContractCopy;

/// <summary>Sound, although the contract lies beside it once more.</summary>
public sealed class OwnContractCopyPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "copy";

    /// <inheritdoc />
    public string DisplayName => "Own copy";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(OwnContractCopyProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new OwnContractCopyProcessor();
}

internal sealed class OwnContractCopyProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

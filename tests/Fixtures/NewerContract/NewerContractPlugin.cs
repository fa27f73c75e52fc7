using Portal.Processors;

namespace Portal.Plugin.NewerContract;

/// <summary>Sound, but its manifest asks for a contract that is yet to come.</summary>
public sealed class NewerContractPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "newer";

    /// <inheritdoc />
    public string DisplayName => "Newer";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(NewerContractProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new NewerContractProcessor();
}

internal sealed class NewerContractProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

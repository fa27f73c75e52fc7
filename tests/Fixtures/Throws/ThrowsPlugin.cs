using Portal.Processors;

namespace Portal.Plugin.Throws;

/// <summary>Its constructor throws.</summary>
public sealed class ThrowsPlugin : IProcessorPlugin
{
    /// <summary>Throws.</summary>
    public ThrowsPlugin() => throw new InvalidOperationException("The moon is in the wrong phase.");

    /// <inheritdoc />
    public string Id => "throws";

    /// <inheritdoc />
    public string DisplayName => "Throws";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(ThrowsProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new ThrowsProcessor();
}

internal sealed class ThrowsProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

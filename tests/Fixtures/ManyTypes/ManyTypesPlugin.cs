using Portal.Processors;

namespace Portal.Plugin.ManyTypes;

/// <summary>One of two.</summary>
public sealed class ManyTypesPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "many";

    /// <inheritdoc />
    public string DisplayName => "Many";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(ManyTypesProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new ManyTypesProcessor();
}

internal sealed class ManyTypesProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

/// <summary>The other.</summary>
public sealed class OtherPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "other";

    /// <inheritdoc />
    public string DisplayName => "Other";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(ManyTypesProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new ManyTypesProcessor();
}

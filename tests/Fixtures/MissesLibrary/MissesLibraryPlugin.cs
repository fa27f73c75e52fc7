using Portal.Fixtures.Library;
using Portal.Processors;

namespace Portal.Plugin.MissesLibrary;

/// <summary>Its constructor needs a library it does not ship.</summary>
public sealed class MissesLibraryPlugin : IProcessorPlugin
{
    /// <summary>Asks the library that is not there.</summary>
    public MissesLibraryPlugin() => DisplayName = Greeting.Words;

    /// <inheritdoc />
    public string Id => "misses";

    /// <inheritdoc />
    public string DisplayName { get; }

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(MissesLibraryProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new MissesLibraryProcessor();
}

internal sealed class MissesLibraryProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

using Portal.Fixtures.Library;
using Portal.Processors;

namespace Portal.Plugin.OldLibrary;

/// <summary>Ships the old version of a library.</summary>
public sealed class OldLibraryPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "old";

    /// <inheritdoc />
    public string DisplayName => Greeting.Words;

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(OldLibraryProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new OldLibraryProcessor();
}

internal sealed class OldLibraryProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

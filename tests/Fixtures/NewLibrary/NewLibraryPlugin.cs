using Portal.Fixtures.Library;
using Portal.Processors;

namespace Portal.Plugin.NewLibrary;

/// <summary>Ships the new version of a library.</summary>
public sealed class NewLibraryPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "new";

    /// <inheritdoc />
    public string DisplayName => Greeting.Words;

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(NewLibraryProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new NewLibraryProcessor();
}

internal sealed class NewLibraryProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

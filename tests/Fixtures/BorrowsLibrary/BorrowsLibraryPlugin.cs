using Autofac;
using Portal.Processors;

namespace Portal.Plugin.BorrowsLibrary;

/// <summary>Counts on a library the portal has for itself.</summary>
public sealed class BorrowsLibraryPlugin : IProcessorPlugin
{
    /// <inheritdoc />
    public string Id => "borrows";

    /// <inheritdoc />
    public string DisplayName => "Borrows";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(BorrowsLibraryProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new BorrowsLibraryProcessor();
}

internal sealed class BorrowsLibraryProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

internal sealed class BorrowedModule : Module;

using Portal.Processors;

namespace Portal.Plugin.HangsForever;

/// <summary>Its constructor never returns.</summary>
public sealed class HangsForeverPlugin : IProcessorPlugin
{
    /// <summary>Waits for what never comes.</summary>
    public HangsForeverPlugin()
    {
        using var never = new ManualResetEvent(false);
        never.WaitOne();
    }

    /// <inheritdoc />
    public string Id => "hangs";

    /// <inheritdoc />
    public string DisplayName => "Hangs";

    /// <inheritdoc />
    public IReadOnlyList<Setting> Settings => [];

    /// <inheritdoc />
    public Type ProcessorType => typeof(HangsForeverProcessor);

    /// <inheritdoc />
    public IProcessor Connect(Connection connection) => new HangsForeverProcessor();
}

internal sealed class HangsForeverProcessor : IProcessor
{
    public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;
}

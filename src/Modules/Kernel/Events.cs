namespace Portal.Kernel;

/// <summary>Something that happened in one module and matters to others.</summary>
/// <remarks>
/// Handled in the transaction that made it happen: an order, its invoice and the mail's outbox row are committed together or not at all.
/// So a handler only writes rows; what leaves the database goes through <see cref="Work.WorkItem"/>s.
/// </remarks>
public interface IEvent;

/// <summary>Reacts to an event within its transaction.</summary>
public interface IHandle<in TEvent>
    where TEvent : IEvent
{
    /// <summary>Writes rows; saves nothing it did not write itself.</summary>
    Task HandleAsync(TEvent happened, CancellationToken ct);
}

/// <summary>Tells all who handle an event. Asked for in the constructor, so that a class shows what it may tell.</summary>
public interface IPublish<in TEvent>
    where TEvent : IEvent
{
    /// <summary>Runs every handler, one after the other; the first failure ends the transaction.</summary>
    Task PublishAsync(TEvent happened, CancellationToken ct);
}

internal sealed class Publisher<TEvent>(IEnumerable<IHandle<TEvent>> handlers) : IPublish<TEvent>
    where TEvent : IEvent
{
    public async Task PublishAsync(TEvent happened, CancellationToken ct)
    {
        foreach (var handler in handlers)
        {
            await handler.HandleAsync(happened, ct);
        }
    }
}

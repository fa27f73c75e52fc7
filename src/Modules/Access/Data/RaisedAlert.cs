namespace Portal.Access.Data;

/// <summary>One row per kind of alert: the last time it was raised.</summary>
internal sealed class RaisedAlert
{
    public string Kind { get; private set; } = "";
    public DateTimeOffset? Since { get; private set; }
    public DateTimeOffset? LastAt { get; private set; }
    public long Count { get; private set; }
    public int Networks { get; private set; }
    public DateTimeOffset? MailedAt { get; private set; }
}

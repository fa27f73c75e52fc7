namespace Portal.Tests.Support;

/// <summary>Which database a fixture runs on; every behavior is the same on both.</summary>
public enum Db
{
    /// <summary>One file.</summary>
    Sqlite,

    /// <summary>The tests' own server.</summary>
    PostgreSql,
}

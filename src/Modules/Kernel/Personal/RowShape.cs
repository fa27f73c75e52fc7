using System.Collections;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Kernel.Work;

namespace Portal.Kernel.Personal;

/// <summary>What the rows of a table say: columns, and lists of further rows within each.</summary>
/// <param name="Names">In the order of <see cref="PersonalRow.Values"/>.</param>
/// <param name="Lists">In the order of <see cref="PersonalRow.Lists"/>.</param>
public sealed record PersonalColumns(IReadOnlyList<string> Names, IReadOnlyList<(string Name, PersonalColumns Columns)> Lists);

/// <summary>One row: texts, numbers, truth values, JSON or nothing.</summary>
/// <param name="Values">A value per column.</param>
/// <param name="Lists">Rows within it: the lines of an order.</param>
public sealed record PersonalRow(IReadOnlyList<object?> Values, IReadOnlyList<IReadOnlyList<PersonalRow>> Lists);

/// <summary>
/// Reads rows by the model. Left out is what is no information about anybody: row numbers, versions, the machinery of durable work;
/// and what must not leave: bytes (hashes, sealed texts) and whatever is called a hash.
/// </summary>
internal sealed class RowShape
{
    /// <summary>Comes first: what stands in further files is found by it.</summary>
    private const string PublicName = "PublicId";

    private readonly List<Column> columns;
    private readonly List<(string Name, Func<object, IEnumerable> Read, RowShape Shape)> lists;
    private readonly Func<object, object?> key;

    public RowShape(IEntityType entity)
    {
        var property = entity.FindPrimaryKey()!.Properties[0];
        (Key, key) = (property.Name, row => property.PropertyInfo!.GetValue(row));
        columns = [.. Read(entity, "", static row => row)];
        lists =
        [
            .. entity
                .GetNavigations()
                .Where(n => n is { IsCollection: true, TargetEntityType: var target } && target.IsOwned())
                .Select(n =>
                    (Name(n.Name), (Func<object, IEnumerable>)(row => (IEnumerable)n.PropertyInfo!.GetValue(row)!), new RowShape(n.TargetEntityType))
                ),
        ];
    }

    /// <summary>The property rows are read in the order of.</summary>
    public string Key { get; }

    public PersonalColumns Columns => new([.. columns.Select(c => c.Name)], [.. lists.Select(l => (l.Name, l.Shape.Columns))]);

    public long KeyOf(object row) => (long)key(row)!;

    public void Drop(IEnumerable<string> properties)
    {
        foreach (var property in properties)
        {
            columns.Remove(Find(property));
        }
    }

    public void Rename(string property, string column)
    {
        var found = Find(property);
        columns[columns.IndexOf(found)] = found with { Name = column };
    }

    public void Add(string column, Func<object, object?> read) => columns.Add(new Column(column, column, read));

    public PersonalRow Read(object row) =>
        new(
            [.. columns.Select(c => Plain(c.Read(row)))],
            [.. lists.Select(l => (IReadOnlyList<PersonalRow>)[.. l.Read(row).Cast<object>().Select(l.Shape.Read)])]
        );

    private Column Find(string property) =>
        columns.Find(c => c.Property == property) ?? throw new InvalidOperationException($"No column is made of {property}.");

    private static IEnumerable<Column> Read(ITypeBase type, string prefix, Func<object, object?> within)
    {
        foreach (var property in type.GetProperties().Where(Says).OrderBy(p => p.Name != PublicName))
        {
            yield return new Column(
                prefix + property.Name,
                Name(prefix + (property.Name == PublicName ? "Id" : property.Name)),
                row => within(row) is { } holder ? property.PropertyInfo!.GetValue(holder) : null
            );
        }

        foreach (var complex in type.GetComplexProperties())
        {
            var inner = Read(
                complex.ComplexType,
                prefix + complex.Name,
                row => within(row) is { } holder ? complex.PropertyInfo!.GetValue(holder) : null
            );
            foreach (var column in inner)
            {
                yield return column;
            }
        }
    }

    private static bool Says(IProperty property) =>
        property.PropertyInfo is { } info
        && !property.IsKey()
        && !property.IsForeignKey()
        && info.DeclaringType != typeof(WorkItem)
        && !property.Name.EndsWith("Hash", StringComparison.Ordinal)
        && (Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType) is var type
        && type != typeof(byte[])
        && type != typeof(Guid)
        && type != typeof(CustomerId)
        && !(type == typeof(long) && property.Name.EndsWith("Id", StringComparison.Ordinal));

    private static object? Plain(object? value) =>
        value switch
        {
            null or string or bool or int or long or decimal or JsonElement => value,
            DateTimeOffset moment => moment.ToIso(),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };

    private static string Name(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);

    private sealed record Column(string Property, string Name, Func<object, object?> Read);
}

using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using Portal.Kernel;
using Portal.Kernel.Personal;
using Portal.Store.Contract;

namespace Portal.Customers.MyData;

/// <summary>Writes everything about one person into a ZIP: a JSON and a CSV file per table, her files, and a README in her language. Row by row: never a whole table in memory.</summary>
internal sealed class ExportArchive(PersonalData data, ExportFolder folder, IStore store, TimeProvider clock, IStringLocalizer<Texts> texts)
{
    // A file for people to read: umlauts as they are. Nothing of it is ever part of a page.
    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="progress">Told after each piece: how many are done, and how many there are.</param>
    /// <param name="ct">Ends the attempt.</param>
    public async Task WriteAsync(Stream target, Func<int, int, Task> progress, CancellationToken ct)
    {
        var (tables, files) = (await data.TablesAsync(ct), await data.FilesAsync(ct));
        var (done, pieces) = (0, tables.Count + files.Count + 1);
        await progress(done, pieces);
        await using var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        await WriteAsync(zip, "README.txt", await ReadMeAsync(tables, ct), ct);
        await progress(++done, pieces);
        foreach (var table in tables)
        {
            await WriteAsync(zip, table, ct);
            await progress(++done, pieces);
        }

        foreach (var file in files)
        {
            var (name, content) = await file.OpenAsync(ct);
            await using (content)
            {
                await WriteAsync(zip, name, content, ct);
            }

            await progress(++done, pieces);
        }
    }

    /// <summary>The rows are read once: JSON goes into the ZIP at once, CSV is kept beside it meanwhile, since a ZIP takes one file at a time.</summary>
    private async Task WriteAsync(ZipArchive zip, PersonalTable table, CancellationToken ct)
    {
        await using var sheets = new Sheets(folder, table);
        await sheets.BeginAsync(ct);
        await using (var entry = await Entry(zip, table.Name + ".json").OpenAsync(ct))
        {
            await using var json = new Utf8JsonWriter(entry, Json);
            json.WriteStartArray();
            await foreach (var row in table.RowsAsync(ct))
            {
                Write(json, table.Columns, row);
                await json.FlushAsync(ct);
                await sheets.WriteAsync(row, ct);
            }

            json.WriteEndArray();
        }

        await foreach (var (name, content) in sheets.FinishAsync())
        {
            await WriteAsync(zip, name, content, ct);
        }
    }

    private static void Write(Utf8JsonWriter json, PersonalColumns columns, PersonalRow row)
    {
        json.WriteStartObject();
        foreach (var (name, value) in columns.Names.Zip(row.Values))
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case bool truth:
                    json.WriteBooleanValue(truth);
                    break;
                case int or long:
                    json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case decimal number:
                    json.WriteNumberValue(number);
                    break;
                case JsonElement element:
                    element.WriteTo(json);
                    break;
                default:
                    json.WriteStringValue((string)value);
                    break;
            }
        }

        foreach (var (list, rows) in columns.Lists.Zip(row.Lists))
        {
            json.WriteStartArray(list.Name);
            foreach (var inner in rows)
            {
                Write(json, list.Columns, inner);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private async Task<string> ReadMeAsync(IReadOnlyList<PersonalTable> tables, CancellationToken ct)
    {
        var seller = await store.GetAsync(ct);
        var text = new StringBuilder();
        Say(texts["ReadMeTitle", seller.Name], texts["ReadMeMade", clock.GetUtcNow().ToMinute()]);
        Say(texts["ReadMeTables"]);
        Say([.. tables.Select(t => $"{t.Name}.json, {t.Name}.csv: {t.Label}"), texts["ReadMeInvoices"]]);
        Say(texts["ReadMeCsv"]);
        Say(texts["ReadMeLeftOut"]);
        Say(seller.SupportEmail is { } support ? texts["ReadMeAskAt", support] : texts["ReadMeAsk"]);
        return text.ToString();

        void Say(params string[] lines)
        {
            foreach (var line in lines)
            {
                text.Append(line).Append("\r\n");
            }

            text.Append("\r\n");
        }
    }

    private async Task WriteAsync(ZipArchive zip, string name, string text, CancellationToken ct)
    {
        using var content = new MemoryStream([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);
        await WriteAsync(zip, name, content, ct);
    }

    private async Task WriteAsync(ZipArchive zip, string name, Stream content, CancellationToken ct)
    {
        await using var entry = await Entry(zip, name).OpenAsync(ct);
        await content.CopyToAsync(entry, ct);
    }

    private ZipArchiveEntry Entry(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name);
        entry.LastWriteTime = clock.GetUtcNow();
        return entry;
    }

    /// <summary>The CSV files of a table, its own and one per list within it, in files that go with this.</summary>
    private sealed class Sheets(ExportFolder folder, PersonalTable table) : IAsyncDisposable
    {
        private readonly List<(string Name, FileStream File, CsvWriter Csv)> sheets = [];

        public async Task BeginAsync(CancellationToken ct)
        {
            await AddAsync(table.Name + ".csv", table.Columns.Names, ct);
            foreach (var (name, columns) in table.Columns.Lists)
            {
                await AddAsync($"{table.Name}-{name}.csv", columns.Names.Prepend("belongs_to"), ct);
            }
        }

        public async Task WriteAsync(PersonalRow row, CancellationToken ct)
        {
            await sheets[0].Csv.WriteAsync(row.Values, ct);
            foreach (var (rows, sheet) in row.Lists.Zip(sheets.Skip(1)))
            {
                foreach (var inner in rows)
                {
                    await sheet.Csv.WriteAsync(inner.Values.Prepend(row.Values[0]), ct);
                }
            }
        }

        public async IAsyncEnumerable<(string Name, Stream Content)> FinishAsync()
        {
            foreach (var (name, file, csv) in sheets)
            {
                await csv.DisposeAsync();
                file.Position = 0;
                yield return (name, file);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (_, file, _) in sheets)
            {
                await file.DisposeAsync();
            }
        }

        private async Task AddAsync(string name, IEnumerable<string> columns, CancellationToken ct)
        {
            var file = folder.Scratch();
            var csv = new CsvWriter(file, CsvWriter.SeparatorOf(CultureInfo.CurrentCulture));
            sheets.Add((name, file, csv));
            await csv.WriteAsync(columns, ct);
        }
    }
}

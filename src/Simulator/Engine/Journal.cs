using System.Text;
using System.Text.Json;

namespace Portal.Simulator.Engine;

/// <summary>
/// The ledger file: JSON lines, only ever appended to, rewritten as a whole through a rename when it is opened.
/// Without a path nothing is kept.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly string? path;
    private FileStream? file;

    public Journal(string? path)
    {
        this.path = path;
        if (path is null)
            return;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        file = Open(path);
    }

    public IEnumerable<Entry> Read()
    {
        if (file is null || file.Length == 0)
            yield break;
        file.Seek(-1, SeekOrigin.End);
        // What follows the last line break was being written when the process ended: it was never answered for.
        var torn = file.ReadByte() != '\n';
        file.Seek(0, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        var number = 0;
        var line = reader.ReadLine();
        while (line is not null)
        {
            number++;
            var next = reader.ReadLine();
            if (next is not null || !torn)
                yield return Parse(line, number);
            line = next;
        }
    }

    public void Append(Entry entry, bool durably)
    {
        if (file is null)
            return;
        var end = file.Length;
        try
        {
            file.Seek(end, SeekOrigin.Begin);
            WriteLine(file, entry);
            file.Flush(flushToDisk: durably);
        }
        catch (IOException)
        {
            file.SetLength(end);
            throw;
        }
    }

    public void Rewrite(IEnumerable<Entry> entries)
    {
        if (path is null)
            return;
        var next = path + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            foreach (var entry in entries)
                WriteLine(stream, entry);
            stream.Flush(flushToDisk: true);
        }
        file?.Dispose();
        File.Move(next, path, overwrite: true);
        file = Open(path);
    }

    public void Dispose() => file?.Dispose();

    // Not shared: two processes writing one ledger would ruin it.
    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static void WriteLine(FileStream stream, Entry entry)
    {
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(entry, Wire.Json));
        stream.WriteByte((byte)'\n');
    }

    private Entry Parse(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, Wire.Lenient)!;
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"Line {number} of the ledger {path} cannot be read.", broken);
        }
    }
}

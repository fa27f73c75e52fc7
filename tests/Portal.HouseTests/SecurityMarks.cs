using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Portal.HouseTests;

/// <summary>A test, or a whole fixture, marked as showing a case.</summary>
/// <param name="Id">The case.</param>
/// <param name="Shows">What it shows.</param>
/// <param name="Project">The assembly's name.</param>
/// <param name="Test">The fixture, with the test unless all are meant.</param>
/// <param name="Runs">False when nothing runs it.</param>
internal sealed record SecurityMark(string Id, string Shows, string Project, string Test, bool Runs);

/// <summary>Reads the marks out of compiled tests without loading them.</summary>
internal static class SecurityMarks
{
    private static readonly HashSet<string> MakeTests = ["TestAttribute", "TestCaseAttribute", "TestCaseSourceAttribute"];
    private static readonly HashSet<string> KeepFromRunning = ["IgnoreAttribute", "ExplicitAttribute"];

    /// <summary>The marks of every test project.</summary>
    public static IReadOnlyList<SecurityMark> OfAllTests()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var framework = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(House.Root, "tests"), "Portal.*Tests")
                .Order(StringComparer.Ordinal)
                .Select(folder => Path.Combine(folder, "bin", configuration, framework, Path.GetFileName(folder) + ".dll"))
                .SelectMany(In),
        ];
    }

    /// <summary>The marks of one assembly, by fixture and test.</summary>
    public static IEnumerable<SecurityMark> In(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var reader = file.GetMetadataReader();
        var project = Path.GetFileNameWithoutExtension(assembly);
        List<SecurityMark> marks = [];
        foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            var fixture = reader.GetString(type.Name);
            var methods = type.GetMethods().Select(reader.GetMethodDefinition).ToList();
            var ofFixture = AttributesOf(reader, type.GetCustomAttributes()).ToList();
            var stopped = ofFixture.Any(a => KeepFromRunning.Contains(a.Name));
            marks.AddRange(Marks(reader, ofFixture).Select(m => new SecurityMark(m.Id, m.Shows, project, fixture, !stopped && methods.Exists(Runs))));
            foreach (var method in methods)
            {
                var test = $"{fixture}.{reader.GetString(method.Name)}";
                marks.AddRange(
                    Marks(reader, AttributesOf(reader, method.GetCustomAttributes()))
                        .Select(m => new SecurityMark(m.Id, m.Shows, project, test, !stopped && Runs(method)))
                );
            }
        }

        return marks.OrderBy(m => m.Test, StringComparer.Ordinal);

        bool Runs(MethodDefinition method)
        {
            var names = AttributesOf(reader, method.GetCustomAttributes()).Select(a => a.Name).ToList();
            return names.Exists(MakeTests.Contains) && !names.Exists(KeepFromRunning.Contains);
        }
    }

    private static IEnumerable<(string Id, string Shows)> Marks(
        MetadataReader reader,
        IEnumerable<(string Name, CustomAttribute Attribute)> attributes
    )
    {
        foreach (var (_, attribute) in attributes.Where(a => a.Name == "SecurityCaseAttribute"))
        {
            var value = reader.GetBlobReader(attribute.Value);
            value.ReadUInt16(); // What every attribute's value begins with.
            yield return (value.ReadSerializedString()!, value.ReadSerializedString()!);
        }
    }

    private static IEnumerable<(string Name, CustomAttribute Attribute)> AttributesOf(
        MetadataReader reader,
        CustomAttributeHandleCollection handles
    ) => handles.Select(reader.GetCustomAttribute).Select(a => (NameOf(reader, a), a));

    private static string NameOf(MetadataReader reader, CustomAttribute attribute)
    {
        var type =
            attribute.Constructor.Kind == HandleKind.MemberReference
                ? reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
                : reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType();
        return type.Kind switch
        {
            HandleKind.TypeReference => reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name),
            HandleKind.TypeDefinition => reader.GetString(reader.GetTypeDefinition((TypeDefinitionHandle)type).Name),
            _ => "", // A generic attribute is none of ours.
        };
    }
}

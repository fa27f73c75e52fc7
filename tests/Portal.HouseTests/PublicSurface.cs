using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Portal.HouseTests;

/// <summary>What others can see of types, in lines a person can read.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
    };

    /// <summary>Types in order of their names, a blank line between them.</summary>
    public static IEnumerable<string> Of(IEnumerable<Type> types) =>
        types
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .SelectMany((type, index) => Members(type).Select(m => "  " + m).Prepend(Head(type)).Prepend(index == 0 ? null : ""))
            .OfType<string>();

    private static string Head(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => IsRecord(type) ? "record struct" : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => (
                type.IsAbstract ? "abstract "
                : type.IsSealed ? "sealed "
                : ""
            ) + (IsRecord(type) ? "record" : "class"),
        };
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = (
            type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum ? [parent] : Type.EmptyTypes
        )
            .Concat(
                type.IsEnum
                    ? []
                    : type.GetInterfaces()
                        .Except(inherited)
                        .Where(i => !IsRecord(type) || i != typeof(IEquatable<>).MakeGenericType(type))
                        .OrderBy(i => i.FullName, StringComparer.Ordinal)
            )
            .Select(Name)
            .ToList();
        return $"{kind} {type.Namespace}.{Name(type)}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<Enum>().Select(v => $"{v} = {Convert.ToInt64(v, CultureInfo.InvariantCulture)}");
        }

        return type.GetFields(Declared)
            .Where(f => f.IsPublic || f.IsFamily)
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(Field)
            .Concat(
                type.GetProperties(Declared)
                    .Where(p => p.GetAccessors(true).Any(IsSeen) && !IsWrittenByCompiler(p))
                    .OrderBy(p => p.Name, StringComparer.Ordinal)
                    .Select(Property)
            )
            .Concat(
                type.GetConstructors(Declared)
                    .Where(c => IsSeen(c) && !IsWrittenByCompiler(c))
                    .Select(c => $".ctor({Parameters(c)})")
                    .Order(StringComparer.Ordinal)
            )
            .Concat(
                type.GetMethods(Declared)
                    .Where(m => IsSeen(m) && !IsWrittenByCompiler(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)))
                    .OrderBy(m => m.Name, StringComparer.Ordinal)
                    .ThenBy(m => m.ToString(), StringComparer.Ordinal)
                    .Select(Method)
            );
    }

    /// <summary>A record's equality, copying and printing follow from its properties.</summary>
    private static bool IsWrittenByCompiler(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Declared) is { } print && IsWrittenByCompiler(print);

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Field(FieldInfo field) =>
        $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(Nullability.Create(field))} {field.Name}"
        + (field.IsLiteral ? " = " + Value(field.GetRawConstantValue()) : "");

    private static string Property(PropertyInfo property)
    {
        var accessor = property.GetMethod ?? property.SetMethod!;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var accessors =
            (property.GetMethod is { } get && IsSeen(get) ? "get; " : "")
            + (
                property.SetMethod is { } set && IsSeen(set)
                    ? isInit
                        ? "init; "
                        : "set; "
                    : ""
            );
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        return $"{required}{Kind(accessor)}{Name(Nullability.Create(property))} {property.Name}{index} {{ {accessors}}}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Constraint))}>" : "";
        return $"{Kind(method)}{Name(Nullability.Create(method.ReturnParameter))} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Constraint(Type argument) =>
        argument.GetGenericParameterConstraints() is { Length: > 0 } types
            ? $"{argument.Name} : {string.Join(" and ", types.Select(Name))}"
            : argument.Name;

    private static string Kind(MethodBase method) =>
        method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true, IsAbstract: true } => "",
            { IsAbstract: true } => "abstract ",
            MethodInfo { IsVirtual: true, IsFinal: false } m when m.GetBaseDefinition() != m => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) =>
        (
            parameter.IsOut ? "out "
            : parameter.ParameterType.IsByRef ? "ref "
            : ""
        )
        + $"{Name(Nullability.Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? " = " + Value(parameter.RawDefaultValue) : "");

    private static string Value(object? value) =>
        value switch
        {
            null => "default",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string Name(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        var mark = info.ReadState == NullabilityState.Nullable && Nullable.GetUnderlyingType(type) is null && !type.IsGenericParameter ? "?" : "";
        return info switch
        {
            { ElementType: { } element } when type.IsArray => Name(element) + "[]" + mark,
            { GenericTypeArguments: { Length: > 0 } arguments } when Nullable.GetUnderlyingType(type) is null && type.IsGenericType => Generic(
                type,
                arguments.Select(Name)
            ) + mark,
            _ => Name(type) + mark,
        };
    }

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        return type.IsGenericType ? Generic(type, type.GetGenericArguments().Select(Name)) : Keywords.GetValueOrDefault(type) ?? Plain(type);
    }

    private static string Generic(Type type, IEnumerable<string> arguments) => $"{Plain(type)}<{string.Join(", ", arguments)}>";

    private static string Plain(Type type)
    {
        var name = type.Name.Split('`')[0];
        return type.DeclaringType is { } outer ? $"{Plain(outer)}.{name}" : name;
    }
}

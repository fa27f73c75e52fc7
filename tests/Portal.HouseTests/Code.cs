using System.Reflection;
using System.Reflection.Emit;

namespace Portal.HouseTests;

/// <summary>Reads compiled methods: what source calls through a helper, a lambda or an await is still found here.</summary>
internal static class Code
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => o.Value);

    /// <summary>Every method with code that a type declares.</summary>
    public static IEnumerable<MethodBase> Methods(Type type) => type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared));

    /// <summary>The type a person wrote: lambdas and state machines are nested in it.</summary>
    public static Type Written(Type type) => type.DeclaringType is { } outer ? Written(outer) : type;

    /// <summary>A type and everything the compiler nested in it.</summary>
    public static IEnumerable<Type> WithNested(Type type) => type.GetNestedTypes(Declared).SelectMany(WithNested).Prepend(type);

    /// <summary>The method's calls in order, each with the text loaded just before it, if any.</summary>
    public static IEnumerable<(MethodBase Method, string? Text)> Calls(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        string? text = null;
        for (var at = 0; at < code.Length; )
        {
            var value = code[at] == 0xFE ? (short)((0xFE << 8) | code[at + 1]) : code[at];
            var operation = OpCodesByValue[value];
            at += operation.Size;
            if (operation.OperandType == OperandType.InlineString)
            {
                text = method.Module.ResolveString(BitConverter.ToInt32(code, at));
            }
            else if (operation.OperandType == OperandType.InlineMethod)
            {
                yield return (Resolve(method, BitConverter.ToInt32(code, at)), text);
                text = null;
            }

            at += OperandSize(operation, code, at);
        }
    }

    private static MethodBase Resolve(MethodBase caller, int token) =>
        caller.Module.ResolveMethod(
            token,
            caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
            caller.IsGenericMethod ? caller.GetGenericArguments() : null
        )!;

    private static int OperandSize(OpCode operation, byte[] code, int at) =>
        operation.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
            _ => 4,
        };
}

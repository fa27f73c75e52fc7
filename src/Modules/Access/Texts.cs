namespace Portal.Access;

/// <summary>The module's words: <c>Texts.resx</c> and its translations.</summary>
internal sealed class Texts;

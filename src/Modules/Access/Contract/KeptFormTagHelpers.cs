using System.Net;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Portal.Access.Contract;

/// <summary>Every form that is posted: when it is the kept one, its fields are filled in and it says so.</summary>
/// <param name="kept">What was kept.</param>
[HtmlTargetElement("form", Attributes = "[method=post]")]
public sealed class KeptFormTagHelper(IKeptForm kept) : TagHelper
{
    /// <summary>Once <c>~/</c> is resolved, and before the framework's own helper renders what is within.</summary>
    public override int Order => -1200;

    /// <inheritdoc />
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        if (!await kept.OpenAsync(output.Written("action")))
        {
            return;
        }

        // Now, so that the fields meet their form; what they wrote is not written again.
        await output.GetChildContentAsync();
        if (kept.Close() is { } notice)
        {
            var words = new TagBuilder("p");
            words.AddCssClass("notice");
            words.Attributes["role"] = "status";
            words.InnerHtml.Append(notice);
            output.PreContent.AppendHtml(words);
        }
    }
}

/// <summary>Fields a person types into or ticks.</summary>
/// <param name="kept">What was kept.</param>
[HtmlTargetElement("input", TagStructure = TagStructure.WithoutEndTag)]
public sealed class KeptInputTagHelper(IKeptForm kept) : TagHelper
{
    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var name = output.Written("name");
        switch (output.Written("type"))
        {
            case "hidden" or "password" or "file" or "submit" or "button" or "image" or "reset":
                break;
            case "checkbox":
                Tick(output, kept.ValuesOf(name));
                break;
            case "radio":
                // One that was not sent was not asked: its default stands.
                Tick(output, kept.ValuesOf(name) is { Count: > 0 } values ? values : null);
                break;
            default:
                if (kept.NextOf(name) is { } value)
                {
                    output.Attributes.SetAttribute("value", value);
                }

                break;
        }
    }

    private static void Tick(TagHelperOutput output, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return;
        }

        output.Attributes.RemoveAll("checked");
        if (values.Contains(output.Written("value") ?? "on"))
        {
            output.Attributes.Add(new TagHelperAttribute("checked"));
        }
    }
}

/// <summary>Longer texts.</summary>
/// <param name="kept">What was kept.</param>
[HtmlTargetElement("textarea")]
public sealed class KeptTextTagHelper(IKeptForm kept) : TagHelper
{
    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (kept.NextOf(output.Written("name")) is { } value)
        {
            // Browsers leave out a line break right after the tag.
            output.Content.SetContent("\n" + value);
        }
    }
}

/// <summary>Choices.</summary>
/// <param name="kept">What was kept.</param>
[HtmlTargetElement("select")]
public sealed class KeptSelectTagHelper(IKeptForm kept) : TagHelper
{
    internal const string Chosen = "kept-choice";

    /// <inheritdoc />
    public override void Init(TagHelperContext context)
    {
        if (kept.ValuesOf(AttributeText.Of(context.AllAttributes["name"])) is { Count: > 0 } values)
        {
            context.Items[Chosen] = values;
        }
    }
}

/// <summary>One of several choices.</summary>
[HtmlTargetElement("option", ParentTag = "select")]
[HtmlTargetElement("option", ParentTag = "optgroup")]
public sealed class KeptOptionTagHelper : TagHelper
{
    /// <inheritdoc />
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        if (!context.Items.TryGetValue(KeptSelectTagHelper.Chosen, out var chosen) || chosen is not IReadOnlyList<string> values)
        {
            return;
        }

        var value = output.Written("value") ?? (await output.GetChildContentAsync()).GetContent(NullHtmlEncoder.Default).Trim();
        output.Attributes.RemoveAll("selected");
        if (values.Contains(value))
        {
            output.Attributes.Add(new TagHelperAttribute("selected"));
        }
    }
}

internal static class AttributeText
{
    public static string? Written(this TagHelperOutput output, string attribute) => Of(output.Attributes[attribute]);

    /// <summary>As the browser will read it.</summary>
    public static string? Of(TagHelperAttribute? attribute)
    {
        if (attribute?.Value is not IHtmlContent html)
        {
            return attribute?.Value?.ToString();
        }

        using var text = new StringWriter();
        html.WriteTo(text, NullHtmlEncoder.Default);
        return WebUtility.HtmlDecode(text.ToString());
    }
}

/** Style properties of an element, set one by one: lit's own styleMap writes the attribute at first, which the page's policy forbids. */
import { noChange } from 'lit';
import { directive, Directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';

class Styled extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('styled stands in the tag of an element');
  }

  render(_properties: Readonly<Record<string, string>>): unknown {
    return noChange;
  }

  override update({ element }: ElementPart, [properties]: [Readonly<Record<string, string>>]): unknown {
    for (const [name, value] of Object.entries(properties)) (element as HTMLElement).style.setProperty(name, value);
    return noChange;
  }
}

/** @param properties by their names in CSS; `--own` ones too */
export const styled = directive(Styled);

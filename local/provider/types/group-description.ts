/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

/** What EC2 takes as the description of a security group or one of its rules: no apostrophe, for one. */
export function groupDescriptionRules({ description }: Record<string, unknown>): string[] {
  if (typeof description !== "string" || DESCRIPTION.test(description)) return [];
  return [
    `description is "${description}"; AWS allows up to 255 of letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *`,
  ];
}

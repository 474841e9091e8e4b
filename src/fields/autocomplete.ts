/** What browsers know about a person, by the names that fields commonly have. */
const purposes: Readonly<Record<string, string>> = {
  name: "name",
  fullname: "name",
  firstname: "given-name",
  givenname: "given-name",
  lastname: "family-name",
  surname: "family-name",
  familyname: "family-name",
  nickname: "nickname",
  username: "username",
  email: "email",
  phone: "tel",
  tel: "tel",
  telephone: "tel",
  mobile: "tel",
  company: "organization",
  organization: "organization",
  organisation: "organization",
  address: "street-address",
  street: "street-address",
  city: "address-level2",
  state: "address-level1",
  zip: "postal-code",
  zipcode: "postal-code",
  postcode: "postal-code",
  postalcode: "postal-code",
  country: "country-name",
  birthday: "bday",
  website: "url",
  homepage: "url",
};

/** `autocomplete` and the keyboard for a field of this name: `first_name` and `firstName` alike. */
export function autocompleteOf(name: string): {
  readonly autocomplete: string | undefined;
  readonly inputmode: "tel" | undefined;
} {
  const key = name.replaceAll("_", "").toLowerCase();
  const autocomplete = Object.hasOwn(purposes, key) ? purposes[key] : undefined;
  return { autocomplete, inputmode: autocomplete === "tel" ? "tel" : undefined };
}

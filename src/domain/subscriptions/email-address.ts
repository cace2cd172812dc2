/** As HTML forms check it: no blanks, quotes, brackets or line ends, and nothing beyond ASCII. */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/;
const LONGEST = 254;

/** Whether mail can be sent to it, and to nothing else besides. */
export const isAddress = (text: string): boolean => text.length <= LONGEST && ADDRESS.test(text);

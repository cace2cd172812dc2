import { expect } from 'chai';
import { sesSmtpPassword } from '../../../src/aws/secret/ses-smtp-password.ts';

/* Computed with the script in Python that the developer guide of Amazon SES gives. */
const EXAMPLE = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describe('the SMTP password of Amazon SES', () => {
  for (const [secret, region, password] of [
    [EXAMPLE, 'us-east-1', 'BLBM/9hSUELfq8Gw+rU1YcBjkOxGbhT2XG763xVLGWL9'],
    [EXAMPLE, 'eu-central-1', 'BF0/eIJm0ruTHsSjOkRuOGzGF+zeSyE3aiRzrzUQ8LwG'],
    [EXAMPLE, 'ap-southeast-2', 'BLNVIwl1Vk66qi8YP1q44PSaqUtaoyrS/0LT79VaGBfa'],
    [EXAMPLE, 'us-gov-west-1', 'BHW/eHvx1MM9YwW4wrJG6MGVQmLDCAM99G9YiSdGEIAw'],
    ['some+secret+key', 'eu-central-1', 'BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2'],
    ['another+secret+key', 'eu-central-1', 'BBbphbrQmrKMx42d1N6+C7VINYEBGI5v9VsZeTxwskfh'],
  ] as const) {
    it(`for ${region} is ${password}`, () => {
      expect(sesSmtpPassword(secret, region)).to.equal(password);
    });
  }
});

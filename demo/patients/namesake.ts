// The same name as the dirty record and another birth date: a name alone does not say who is meant.
import { Chart } from '../chart.ts';
import { person } from '../entries.ts';

export function namesake(): Chart {
  const chart = new Chart('namesake');
  person(chart, { mrn: 'DEMO-0003', family: 'Exampleman', given: 'Alex', gender: 'male', birthDate: '1991-02-21' });
  return chart;
}

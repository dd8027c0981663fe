-- The daily sweep of people has become a recurring task like the others, sown at every start; its own way of coming again goes.
delete from tasks where kind = 'people.sweep' and key = 'sweep';
